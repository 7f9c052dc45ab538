import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function IncidentPage() {
  const { t } = useLingui();
  return <Page title={t`IncidentPage`}>…</Page>;
}
