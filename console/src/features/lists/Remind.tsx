import { Trans, useLingui } from '@lingui/react/macro';
import { useRef } from 'react';
import { Problem, type SummaryOut } from '@/api';
import { announce } from '@/components/Announcements';
import { Failed } from '@/components/Failed';
import { useRemind } from './queries';

/** Send one person the invitation again; what became of it stands in its place. */
export function Remind({ user }: { readonly user: SummaryOut }) {
  const { t } = useLingui();
  const remind = useRemind(user.id);
  const { name } = user;
  const place = useRef<HTMLDivElement>(null);

  function send() {
    if (remind.isPending) return;
    remind.mutate(undefined, {
      onSuccess: () => {
        announce(t`The reminder to ${name} is on its way.`);
        place.current?.focus(); // the button is gone
      },
    });
  }
  if (user.reachable.length === 0 && remind.isIdle)
    return <Trans>Nothing reaches this person: mend that first.</Trans>;
  return (
    <div ref={place} tabIndex={-1}>
      {remind.isSuccess ? (
        <span className="status good">
          <span aria-hidden="true">✓ </span>
          <Trans>The reminder is on its way.</Trans>
        </span>
      ) : (
        <>
          {remind.isError && <Refused error={remind.error} />}
          <button type="button" className="button second" aria-disabled={remind.isPending} onClick={send}>
            {remind.isPending ? (
              <Trans>Sending…</Trans>
            ) : (
              <Trans>
                Send a reminder <span className="unseen">to {name}</span>
              </Trans>
            )}
          </button>
        </>
      )}
    </div>
  );
}

/** The API says in a sentence why not, such as: one has been sent today. */
function Refused({ error }: { readonly error: unknown }) {
  return error instanceof Problem && error.detail ? (
    <p role="alert">{error.detail}</p>
  ) : (
    <Failed error={error} />
  );
}
