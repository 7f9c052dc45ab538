import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { UserOut } from '@/api';
import { useWords } from '@/components/words';
import { Names } from './Names';
import { useTerms } from './terms';

/** The rest of what the roster and the account tell. */
export function About({ user }: { readonly user: UserOut }) {
  const words = useWords();
  const terms = useTerms();
  return (
    <section>
      <h2>
        <Trans>About this person</Trans>
      </h2>
      <dl className="facts">
        {user.students.length > 0 && (
          <>
            <dt>
              <Trans>Students</Trans>
            </dt>
            <dd>
              <ul className="plain-list">
                {user.students.map(({ id, name, relation }) => (
                  <li key={id}>
                    <Link to={`/students/${id}`}>{name}</Link> ({terms.relation(relation)})
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {user.schools.length > 0 && (
          <>
            <dt>
              <Trans>Schools</Trans>
            </dt>
            <dd>
              <Names named={user.schools} />
            </dd>
          </>
        )}
        <dt>
          <Trans>Role</Trans>
        </dt>
        <dd>{words.role(user.role)}</dd>
        <dt>
          <Trans>Account</Trans>
        </dt>
        <dd>{words.accountStatus(user.account_status)}</dd>
        <dt>
          <Trans>Language</Trans>
        </dt>
        <dd>{terms.language(user.language)}</dd>
        <dt>
          <Trans>Roster ID</Trans>
        </dt>
        <dd translate="no">{user.sourced_id}</dd>
      </dl>
    </section>
  );
}
