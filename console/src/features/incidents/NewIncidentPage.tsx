import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function NewIncidentPage() {
  const { t } = useLingui();
  return <Page title={t`NewIncidentPage`}>…</Page>;
}
