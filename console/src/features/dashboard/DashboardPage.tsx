import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function DashboardPage() {
  const { t } = useLingui();
  return <Page title={t`DashboardPage`}>…</Page>;
}
