import { Trans, useLingui } from '@lingui/react/macro';
import { Redirect } from 'wouter';
import { useMay } from '@/api';
import { Page } from '@/components/Page';
import { Finder } from './Finder';

/** Find somebody, or a class. Who may look for nobody, such as a guardian, is shown their own page. */
export function FindPage() {
  const { t } = useLingui();
  if (!useMay('search')) return <Redirect to="/me" replace />;
  return (
    <Page title={t`Find`} heading={<Trans>Find a person or a class</Trans>} focus={false}>
      <Finder />
    </Page>
  );
}
