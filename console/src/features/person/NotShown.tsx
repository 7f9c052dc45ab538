import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import { Failed } from '@/components/Failed';
import { Page } from '@/components/Page';
import { isClosedToViewer } from './outcome';

interface NotShownProps {
  readonly error: unknown;
  readonly retry: () => void;
}

/** In a person's place: that there is none here for this viewer, in the API's words, or what went wrong. */
export function NotShown({ error, retry }: NotShownProps) {
  const { t } = useLingui();
  if (!isClosedToViewer(error))
    return (
      <Page title={t`This person could not be shown`}>
        <Failed error={error} retry={retry} />
      </Page>
    );
  return (
    <Page title={error.status === 403 ? t`This page is not for you` : t`No such person here`}>
      {error.status === 403 && (
        <p>
          <Trans>Pages about people are for the staff of schools.</Trans>
        </p>
      )}
      <p>{error.detail}</p>
      <p>
        <Link to={error.status === 403 ? '/me' : '/'}>
          {error.status === 403 ? <Trans>Go to your own page</Trans> : <Trans>Find a person</Trans>}
        </Link>
      </p>
    </Page>
  );
}
