import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { saveReport } from '@/api/signed';
import { Failed } from './Failed';
import { useOnce } from './once';

interface SaveReportProps {
  /** Where it lies; `anew` where the address before is not taken any more. */
  readonly ask: (anew: boolean) => Promise<string | null>;
  /** Of the file, as the person finds it among their downloads. */
  readonly name: string;
  readonly children: React.ReactNode;
}

/** A report as a file. Its signed address stays out of links, and so out of the browser's history. */
export function SaveReport({ ask, name, children }: SaveReportProps) {
  const saving = useMutation({ mutationFn: () => saveReport(ask, name) });
  const get = useOnce(() => saving.mutateAsync());
  return (
    <>
      {saving.isError && <Failed error={saving.error} />}
      <p className="buttons">
        <button type="button" className="button second" aria-disabled={saving.isPending} onClick={get}>
          {saving.isPending ? <Trans>Saving…</Trans> : children}
        </button>
      </p>
    </>
  );
}
