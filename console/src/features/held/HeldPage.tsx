import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function HeldPage() {
  const { t } = useLingui();
  return <Page title={t`HeldPage`}>…</Page>;
}
