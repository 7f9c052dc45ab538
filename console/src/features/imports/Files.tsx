import { Trans, useLingui } from '@lingui/react/macro';
import type { FileOut } from '@/api';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { useImportWords } from './wording';

/** What became of each file's lines. */
export function Files({ files }: { readonly files: Readonly<Record<string, FileOut>> }) {
  const { t } = useLingui();
  const words = useWords();
  const own = useImportWords();
  if (Object.keys(files).length === 0) return null;
  const leftOut = (reasons: Readonly<Record<string, number>>) =>
    Object.entries(reasons)
      .map(([reason, many]) => `${words.number(many)}: ${own.reason(reason)}`)
      .join('; ');
  return (
    <details>
      <summary>
        <Trans>What became of the lines of each file</Trans>
      </summary>
      <Table
        caption={t`Lines of each file`}
        captionUnseen
        columns={[
          { name: t`File` },
          { name: t`Lines read`, number: true },
          { name: t`Taken`, number: true },
          { name: t`Left out` },
        ]}
        rows={Object.entries(files).map(([file, { read, taken, left_out }]) => ({
          key: file,
          cells: [file, words.number(read), words.number(taken), leftOut(left_out)],
        }))}
      />
    </details>
  );
}
