import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function BatchPage() {
  const { t } = useLingui();
  return <Page title={t`BatchPage`}>…</Page>;
}
