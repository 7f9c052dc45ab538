import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import { Failed } from '@/components/Failed';
import { Page } from '@/components/Page';
import { PartUnreached } from './parts';

export function NotFound() {
  const { t } = useLingui();
  return (
    <Page title={t`Page not found`}>
      <p>
        <Trans>There is no such page here. The address may be old or mistyped.</Trans>
      </p>
      <p>
        <Link to="/">
          <Trans>Go to the first page</Trans>
        </Link>
      </p>
    </Page>
  );
}

interface PageFailedProps {
  readonly error: unknown;
  readonly resetErrorBoundary: () => void;
}

/** What a page has thrown: the API's problem in its own words, anything else with what to do. */
export function PageFailed({ error, resetErrorBoundary }: PageFailedProps) {
  const { t } = useLingui();
  return (
    <Page title={t`This page could not be shown`}>
      <Failed error={error} retry={error instanceof PartUnreached ? reload : resetErrorBoundary} />
    </Page>
  );
}

function reload() {
  window.location.reload();
}
