import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function UnreachablePage() {
  const { t } = useLingui();
  return <Page title={t`UnreachablePage`}>…</Page>;
}
