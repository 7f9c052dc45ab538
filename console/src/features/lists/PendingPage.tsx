import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function PendingPage() {
  const { t } = useLingui();
  return <Page title={t`PendingPage`}>…</Page>;
}
