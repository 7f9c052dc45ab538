import { Trans, useLingui } from '@lingui/react/macro';
import type { IncidentCountsOut, Outcome } from '@/api';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { told } from './figures';

interface OutcomesProps {
  readonly outcomes: IncidentCountsOut['outcome'];
  readonly word: (outcome: Outcome) => string;
}

/** How many addresses and numbers come to which outcome. */
export function Outcomes({ outcomes, word }: OutcomesProps) {
  const { t } = useLingui();
  const words = useWords();
  const rows = told(outcomes);
  if (rows.length === 0)
    return (
      <p>
        <Trans>It concerns nobody.</Trans>
      </p>
    );
  return (
    <Table
      caption={t`By outcome`}
      columns={[{ name: t`Outcome` }, { name: t`How many`, number: true }]}
      rows={rows.map(([outcome, many]) => ({ key: outcome, cells: [word(outcome), words.number(many)] }))}
    />
  );
}
