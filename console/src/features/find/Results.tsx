import { Trans, useLingui } from '@lingui/react/macro';
import { plural } from '@lingui/core/macro';
import { Link } from 'wouter';
import { Grade } from '@/components/Grade';
import { Schools } from '@/components/Schools';
import { Reachable } from '@/components/Status';
import { useWords } from '@/components/words';
import { NothingFound } from './NothingFound';
import type { Found } from './queries';
import { inOrder, toClass, toStudent, toUser } from './results-order';

/** How many were found, in words: said to a screen reader, and shown above them. */
export function useCount(): (found: Found) => string {
  const { t } = useLingui();
  return (found) => {
    const count = inOrder(found).length;
    if (count === 0) return t`Nothing found.`;
    if (found.more) return t`More than ${count} found. Type more to find fewer.`;
    return plural(count, { one: '# found.', other: '# found.' });
  };
}

interface ResultsProps {
  readonly found: Found;
  /** They answer an older text than the one in the box. */
  readonly waits: boolean;
}

/** Who and what was found, in three lists; nobody's address stands in any. */
export function Results({ found, waits }: ResultsProps) {
  const words = useWords();
  const count = useCount();
  if (inOrder(found).length === 0) return <NothingFound text={found.text} />;
  return (
    <div className="found" aria-busy={waits}>
      <p className="quiet">{count(found)}</p>
      <Group heading={<Trans>Guardians and staff</Trans>} items={found.users}>
        {(user) => (
          <>
            <Link to={toUser(user.id)}>{user.name}</Link>
            <span>{words.role(user.role ?? '')}</span>
            <Reachable channels={user.reachable} />
            <Schools schools={user.schools} others={user.other_schools} />
            {user.status === 'bad' && user.reachable.length > 0 && (
              <strong className="status bad found-more">
                <span aria-hidden="true">✕ </span>
                <Trans>A contact is bad</Trans>
              </strong>
            )}
            {user.account_status === 'pending' && (
              <span className="found-more">
                <Trans>Account pending</Trans>
              </span>
            )}
          </>
        )}
      </Group>
      <Group heading={<Trans>Students</Trans>} items={found.students}>
        {(student) => (
          <>
            <Link to={toStudent(student.id)}>{student.name}</Link>
            {student.grade !== null && (
              <span>
                <Grade grade={student.grade} />
              </span>
            )}
            <Schools schools={student.schools} others={student.other_schools} />
          </>
        )}
      </Group>
      <Group heading={<Trans>Classes</Trans>} items={found.classes}>
        {(class_) => (
          <>
            <Link to={toClass(class_.id)}>{class_.name}</Link>
            {class_.school && <span className="found-school">{class_.school.name}</span>}
          </>
        )}
      </Group>
    </div>
  );
}

interface GroupProps<T> {
  readonly heading: React.ReactNode;
  readonly items: readonly T[];
  readonly children: (item: T) => React.ReactNode;
}

function Group<T extends { readonly id: string }>({ heading, items, children }: GroupProps<T>) {
  if (items.length === 0) return null;
  return (
    <section>
      <h2>{heading}</h2>
      <ul className="plain">
        {items.map((item) => (
          <li key={item.id} className="found-row">
            {children(item)}
          </li>
        ))}
      </ul>
    </section>
  );
}
