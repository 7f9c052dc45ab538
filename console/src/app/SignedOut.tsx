import { Trans, useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

/** In place of all pages, in each tab of who has signed out: nothing that they saw is left there. */
export function SignedOut() {
  const { t } = useLingui();
  return (
    <main className="page">
      <Page title={t`You are signed out`}>
        <p>
          <Trans>On a device that others use, close all windows of this browser, too.</Trans>
        </p>
        <p>
          <button
            type="button"
            className="button"
            onClick={() => {
              window.location.assign('/');
            }}
          >
            <Trans>Sign in</Trans>
          </button>
        </p>
      </Page>
    </main>
  );
}
