import { Trans, useLingui } from '@lingui/react/macro';
import { useState, useSyncExternalStore } from 'react';
import { Dialog } from '@/components/Dialog';
import { useSession } from './session-context';

/** Over whatever was being done: what was typed stays, and goes on once they have signed in again. */
export function SignInEnded() {
  const session = useSession();
  const state = useSyncExternalStore(session.subscribe, session.state);
  const [isBlocked, setIsBlocked] = useState(false);
  const { t } = useLingui();
  async function signInAgain() {
    setIsBlocked(!(await session.signInAgain()));
  }
  if (state === 'signed-in' || state === 'signed-out') return null;
  return state === 'ended' ? (
    <Dialog title={t`Your sign-in has ended`} role="alertdialog">
      <p>
        <Trans>Sign in again in a window of its own. What you have typed stays here and is not lost.</Trans>
      </p>
      <p className="buttons">
        <button type="button" className="button" onClick={() => void signInAgain()}>
          <Trans>Sign in again</Trans>
        </button>
      </p>
      {isBlocked && (
        <p role="alert">
          <Trans>
            The browser has not opened the window. Allow this site to open windows (pop-ups), then press
            again.
          </Trans>
        </p>
      )}
    </Dialog>
  ) : (
    <Dialog title={t`Somebody else has signed in`} role="alertdialog">
      <p>
        <Trans>
          This page was opened by another person. It starts anew for the one who has signed in now.
        </Trans>
      </p>
      <p className="buttons">
        <button
          type="button"
          className="button"
          onClick={() => {
            window.location.assign('/');
          }}
        >
          <Trans>Start anew</Trans>
        </button>
      </p>
    </Dialog>
  );
}
