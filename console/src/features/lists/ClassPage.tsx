import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function ClassPage() {
  const { t } = useLingui();
  return <Page title={t`ClassPage`}>…</Page>;
}
