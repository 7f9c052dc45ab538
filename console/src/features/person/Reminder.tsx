import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Problem, type UserOut } from '@/api';
import { announce } from '@/components/Announcements';
import { Failed } from '@/components/Failed';
import { isLost } from '@/components/overtaken';
import { useWords } from '@/components/words';
import { Advice } from './Advice';
import { adviceOn } from './guidance';
import { useRemind } from './queries';

/** Of an account whose invitation is not accepted: what to do, and to send it again. */
export function Reminder({ user }: { readonly user: UserOut }) {
  const { t } = useLingui();
  const { act, isPending, error } = useRemind(user.id);
  const [isOnItsWay, setOnItsWay] = useState(false);
  const words = useWords();
  const advice = adviceOn(user.guidance, null);
  if (user.account_status !== 'pending') return null;
  return (
    <div className="note">
      <p>
        <strong>{words.accountStatus(user.account_status)}</strong>
      </p>
      {advice.length > 0 ? (
        <Advice advice={advice} />
      ) : (
        <p>
          <Trans>An invitation cannot reach this person now: neither email nor text messages are open.</Trans>
        </p>
      )}
      {advice.length > 0 && user.actions.includes('remind') && (
        <p>
          <button
            type="button"
            className="button second"
            aria-disabled={isPending}
            onClick={() => {
              act(undefined, {
                done: () => {
                  setOnItsWay(true);
                  announce(t`A reminder is on its way.`);
                },
                failed: () => {
                  setOnItsWay(false);
                },
              });
            }}
          >
            {isPending ? <Trans>Sending…</Trans> : <Trans>Send a reminder</Trans>}
          </button>
        </p>
      )}
      {isOnItsWay && (
        <p>
          <Trans>A reminder is on its way.</Trans>
        </p>
      )}
      {error && <Refused error={error} />}
    </div>
  );
}

function Refused({ error }: { readonly error: Error }) {
  if (isLost(error))
    return (
      <div className="failed" role="alert">
        <p>
          <Trans>
            No answer came, so it is not known whether it was sent. Press again if you like: one goes out in a
            day at most.
          </Trans>
        </p>
      </div>
    );
  // Tomorrow is not told in seconds.
  if (error instanceof Problem && error.status === 429)
    return (
      <div className="failed" role="alert">
        <p>{error.detail}</p>
      </div>
    );
  return <Failed error={error} />;
}
