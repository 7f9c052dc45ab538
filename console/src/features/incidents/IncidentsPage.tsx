import { useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';

export function IncidentsPage() {
  const { t } = useLingui();
  return <Page title={t`IncidentsPage`}>…</Page>;
}
