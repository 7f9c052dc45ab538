import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function ImportsPage() {
  const { t } = useLingui();
  return <Page title={t`ImportsPage`}>…</Page>;
}
