import { Trans } from '@lingui/react/macro';

/** While something is fetched. It shows late: what comes at once needs no word. */
export function Loading() {
  return (
    <p className="loading" role="status">
      <Trans>Loading…</Trans>
    </p>
  );
}
