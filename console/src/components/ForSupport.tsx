import { Trans } from '@lingui/react/macro';

/** A fault in its own words, for whoever can mend it; nothing where it has none. */
export function ForSupport({ error }: { readonly error: string | null }) {
  if (!error) return null;
  return (
    <p className="quiet">
      <Trans>For whoever looks after Reachable: {error}</Trans>
    </p>
  );
}
