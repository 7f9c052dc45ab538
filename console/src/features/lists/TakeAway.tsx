import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { csv } from '@/api';
import { Failed } from '@/components/Failed';
import type { Filters } from './filters';

/** The list on paper, or as a file that can be put beside the SIS's by `sourced_id`. */
export function TakeAway({ filters: { school, ...narrowed } }: { readonly filters: Filters }) {
  const file = useMutation({
    mutationFn: () =>
      csv(
        school ? `/schools/${encodeURIComponent(school)}/bad-credentials` : '/bad-credentials',
        { ...narrowed },
        'cannot-be-reached.csv',
      ),
  });
  return (
    <>
      {file.isError && <Failed error={file.error} />}
      <p className="buttons">
        <button
          type="button"
          className="button second"
          aria-disabled={file.isPending}
          onClick={() => {
            if (!file.isPending) file.mutate();
          }}
        >
          {file.isPending ? (
            <Trans>Getting the file…</Trans>
          ) : (
            <Trans>Download for a spreadsheet (CSV)</Trans>
          )}
        </button>
        <button
          type="button"
          className="button second"
          onClick={() => {
            window.print();
          }}
        >
          <Trans>Print</Trans>
        </button>
      </p>
    </>
  );
}
