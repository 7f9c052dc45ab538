import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function ImportPage() {
  const { t } = useLingui();
  return <Page title={t`ImportPage`}>…</Page>;
}
