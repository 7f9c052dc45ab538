import { Trans, useLingui } from '@lingui/react/macro';
import type { IncidentCountsOut } from '@/api';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { School } from './Concerned';
import { ranked } from './figures';

/** So many names stand in a table, the largest first; the report has all. */
const MOST = 12;

interface NumbersProps {
  readonly counts: IncidentCountsOut;
  /** A table that goes before these. */
  readonly children?: React.ReactNode;
}

/** Those that are reset, or closed again, by cause, domain and school. */
export function Numbers({ counts, children }: NumbersProps) {
  const { t } = useLingui();
  const words = useWords();
  return (
    <>
      <p className="quiet">
        <Trans>
          Counted are addresses and numbers: a person may have two, and several people may share one.
        </Trans>
      </p>
      <div className="beside">
        {children}
        <Numbered
          caption={t`By cause`}
          column={t`Cause`}
          counted={counts.cause}
          name={words.cause}
          none={<Trans>Not told</Trans>}
        />
        <Numbered
          caption={t`By domain`}
          column={t`Domain`}
          counted={counts.domain}
          name={(domain) => domain}
          none={<Trans>Phone numbers, and all other domains</Trans>}
        />
        <Numbered
          caption={t`By school`}
          column={t`School`}
          counted={counts.school}
          name={(school) => <School id={school} />}
          none={<Trans>At no school, and all other schools</Trans>}
        />
      </div>
    </>
  );
}

interface NumberedProps {
  readonly caption: string;
  readonly column: string;
  readonly counted: Readonly<Record<string, number>>;
  readonly name: (name: string) => React.ReactNode;
  readonly none: React.ReactNode;
}

function Numbered({ caption, column, counted, name, none }: NumberedProps) {
  const { t } = useLingui();
  const words = useWords();
  const rows = ranked(counted, MOST);
  if (rows.length === 0) return null;
  return (
    <Table
      caption={caption}
      columns={[{ name: column }, { name: t`How many`, number: true }]}
      rows={rows.map(([which, many]) => ({
        key: which ?? '',
        cells: [which === null ? none : name(which), words.number(many)],
      }))}
    />
  );
}
