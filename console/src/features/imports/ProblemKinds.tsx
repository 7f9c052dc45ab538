import { useLingui, Plural } from '@lingui/react/macro';
import { Table } from '@/components/Table';
import type { Kind } from './problems';
import { useImportWords } from './wording';

/** So many places stand open; more of the same wait behind a press. */
const FEW = 8;

/** The problems of one file: how grave, what to do, and at which lines. */
export function ProblemKinds({ kinds }: { readonly kinds: readonly Kind[] }) {
  const words = useImportWords();
  return kinds.map(({ kind, severity, whatToDo, places }) => (
    <div key={kind} className={severity === 'error' ? 'card is-bad' : 'card'}>
      <p>
        <strong className={severity === 'error' ? 'status bad' : 'status'}>{words.severity(severity)}</strong>
        <br />
        {whatToDo}
      </p>
      {places.length > FEW ? (
        <details>
          <summary>
            <Plural value={places.length} one="At # place" other="At # places" />
          </summary>
          <Places places={places} whatToDo={whatToDo} />
        </details>
      ) : (
        <Places places={places} whatToDo={whatToDo} />
      )}
    </div>
  ));
}

/** Where it is. A column that nothing stands in is left out; where nothing at all is known, the whole table. */
function Places({ places, whatToDo }: Pick<Kind, 'places' | 'whatToDo'>) {
  const { t } = useLingui();
  const columns = [
    { name: t`Line`, of: places.map(({ line }) => line) },
    { name: t`Column`, of: places.map(({ column }) => column) },
    { name: t`sourcedId`, of: places.map(({ sourced_id }) => sourced_id) },
    { name: t`More about it`, of: places.map(({ figures }) => figures) },
  ].filter(({ of }) => of.some((value) => value !== null));
  if (columns.length === 0) return null;
  return (
    <Table
      caption={whatToDo}
      captionUnseen
      columns={columns.map(({ name }) => ({ name }))}
      rows={places.map((_, i) => ({ key: String(i), cells: columns.map(({ of }) => of[i]) }))}
    />
  );
}
