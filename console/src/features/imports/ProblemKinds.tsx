import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { ProblemOut } from '@/api';
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
          <Places places={places} />
        </details>
      ) : (
        <Places places={places} />
      )}
    </div>
  ));
}

/** Where it is. A column that nothing stands in is left out; where nothing at all is known, the whole table. */
function Places({ places }: { readonly places: Kind['places'] }) {
  const { t } = useLingui();
  const file = places[0]?.file ?? '';
  const columns = [
    { name: t`sourcedId`, of: places.map(({ sourced_id }) => sourced_id) },
    { name: t`Figures`, of: places.map(({ figures }) => figures) },
  ].filter(({ of }) => of.some((value) => value !== null));
  if (columns.length === 0 && places.every(({ line, column }) => line === null && column === null))
    return null;
  return (
    <Table
      caption={t`Places in ${file}`}
      captionUnseen
      columns={[{ name: t`Where` }, ...columns.map(({ name }) => ({ name }))]}
      rows={places.map((place, i) => ({
        key: String(i),
        cells: [<Where key="where" place={place} />, ...columns.map(({ of }) => of[i])],
      }))}
    />
  );
}

function Where({ place: { line, column } }: { readonly place: ProblemOut }) {
  if (line !== null && column !== null)
    return (
      <Trans>
        Line {line}, column {column}
      </Trans>
    );
  if (line !== null) return <Trans>Line {line}</Trans>;
  return column !== null ? <Trans>Column {column}</Trans> : <Trans>The whole file</Trans>;
}
