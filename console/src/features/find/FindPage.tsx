import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function FindPage() {
  const { t } = useLingui();
  return <Page title={t`FindPage`}>…</Page>;
}
