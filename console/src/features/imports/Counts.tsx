import { Trans, useLingui } from '@lingui/react/macro';
import type { ImportShownOut } from '@/api';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { useImportWords } from './wording';

const KINDS = ['user', 'student', 'school', 'class'];

/** What changed, or of a check would change, by kind of record. */
export function Counts({ shown: { counts, dry_run: isCheck } }: { readonly shown: ImportShownOut }) {
  const { t } = useLingui();
  const words = useWords();
  const own = useImportWords();
  if (Object.keys(counts).length === 0) return null;
  const cell = (act: string, kind: string) => words.number(counts[act]?.[kind] ?? 0);
  return (
    <>
      <h2>{isCheck ? <Trans>What would change</Trans> : <Trans>What changed</Trans>}</h2>
      <Table
        caption={isCheck ? t`What would change` : t`What changed`}
        captionUnseen
        columns={[
          { name: t`Of what` },
          { name: t`New`, number: true },
          { name: t`Changed`, number: true },
          { name: t`Removed`, number: true },
          { name: t`Unchanged`, number: true },
        ]}
        rows={KINDS.map((kind) => ({
          key: kind,
          cells: [
            own.kind(kind),
            ...['created', 'changed', 'removed', 'unchanged'].map((act) => cell(act, kind)),
          ],
        }))}
      />
    </>
  );
}
