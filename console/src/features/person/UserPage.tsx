import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function UserPage() {
  const { t } = useLingui();
  return <Page title={t`UserPage`}>…</Page>;
}
