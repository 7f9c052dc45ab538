import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function StudentPage() {
  const { t } = useLingui();
  return <Page title={t`StudentPage`}>…</Page>;
}
