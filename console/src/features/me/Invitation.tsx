import { Trans, useLingui } from '@lingui/react/macro';
import { useRef } from 'react';
import type { AccountOut } from '@/api';
import { announce } from '@/components/Announcements';
import { Failed } from '@/components/Failed';
import { useAccept } from './queries';

/** Whether the account is in use; where it is not yet, the button that accepts the invitation. */
export function Invitation({ account }: { readonly account: AccountOut }) {
  const { t } = useLingui();
  const accept = useAccept(account.id);
  const state = useRef<HTMLParagraphElement>(null);
  const isPending = account.account_status === 'pending';

  function send() {
    if (accept.isPending) return;
    accept.mutate(undefined, {
      onSuccess: () => {
        announce(t`You have accepted the invitation.`);
        state.current?.focus(); // the button is gone
      },
    });
  }
  return (
    <>
      <p ref={state} tabIndex={-1}>
        {isPending ? (
          <strong>
            <Trans>You are invited, and have not accepted yet.</Trans>
          </strong>
        ) : (
          <span className="status good">
            <span aria-hidden="true">✓ </span>
            <Trans>Your account is active.</Trans>
          </span>
        )}
      </p>
      {accept.isError && <Failed error={accept.error} />}
      {isPending && (
        <p>
          <button type="button" className="button" aria-disabled={accept.isPending} onClick={send}>
            {accept.isPending ? <Trans>Accepting…</Trans> : <Trans>Accept the invitation</Trans>}
          </button>
        </p>
      )}
    </>
  );
}
