import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { csv } from '@/api';
import { Failed } from '@/components/Failed';
import { useOnce } from '@/components/once';
import type { Choice } from './choice';

/** The figures that are shown, for a spreadsheet. */
export function Download({ choice: { by, period } }: { readonly choice: Choice }) {
  const { mutateAsync, isPending, error } = useMutation({
    mutationFn: () => csv('/statistics', { by, ...period }, `statistics-by-${by}.csv`),
  });
  const download = useOnce(() => mutateAsync());
  return (
    <>
      {error && <Failed error={error} />}
      <p className="buttons">
        <button type="button" className="button second" aria-disabled={isPending} onClick={download}>
          {isPending ? <Trans>Downloading…</Trans> : <Trans>Download for a spreadsheet (CSV)</Trans>}
        </button>
      </p>
    </>
  );
}
