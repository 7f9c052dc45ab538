import { Trans, useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';
import { ImportList } from './ImportList';
import { UploadRoster } from './UploadRoster';

/** Upload a roster, and see what became of those before. */
export function ImportsPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Imports`}>
      <p>
        <Trans>
          An import changes who people are and how they are connected. It never marks an address good or bad,
          and deletes no history: who leaves and comes back finds everything as it was.
        </Trans>
      </p>
      <h2>
        <Trans>Upload a roster</Trans>
      </h2>
      <UploadRoster />
      <h2>
        <Trans>Imports so far</Trans>
      </h2>
      <ImportList />
    </Page>
  );
}
