import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function MyPage() {
  const { t } = useLingui();
  return <Page title={t`MyPage`}>…</Page>;
}
