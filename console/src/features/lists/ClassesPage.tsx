import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function ClassesPage() {
  const { t } = useLingui();
  return <Page title={t`ClassesPage`}>…</Page>;
}
