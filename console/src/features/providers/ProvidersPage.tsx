import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function ProvidersPage() {
  const { t } = useLingui();
  return <Page title={t`ProvidersPage`}>…</Page>;
}
