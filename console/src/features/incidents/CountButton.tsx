import { Trans } from '@lingui/react/macro';

/** Counting changes nothing: it needs no question before it. */
export function CountButton({ busy }: { readonly busy: boolean }) {
  return (
    <p className="buttons">
      <button type="submit" className="button" aria-disabled={busy}>
        {busy ? <Trans>Counting…</Trans> : <Trans>Count</Trans>}
      </button>
    </p>
  );
}
