import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { Unreached } from '@/api';
import { Failed } from '@/components/Failed';
import { Page } from '@/components/Page';
import { PartUnreached, reloadOnceServed } from './parts';

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

/**
 * What a page has thrown: the API's problem in its own words, anything else with what to do. What was not reached is
 * tried again by itself once the network is back.
 */
export function PageFailed({ error, resetErrorBoundary }: PageFailedProps) {
  const { t } = useLingui();
  const isPart = error instanceof PartUnreached;
  const isUnreached = error instanceof Unreached;
  useEffect(() => {
    if (!isUnreached) return;
    const left = new AbortController();
    const again = isPart ? () => void reloadOnceServed(left.signal) : resetErrorBoundary;
    window.addEventListener('online', again, { signal: left.signal });
    return () => {
      left.abort();
    };
  }, [isUnreached, isPart, resetErrorBoundary]);
  return (
    <Page title={t`This page could not be shown`}>
      <Failed error={error} retry={isPart ? reload : resetErrorBoundary} />
    </Page>
  );
}

function reload() {
  window.location.reload();
}
