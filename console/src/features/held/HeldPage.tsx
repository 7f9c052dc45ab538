import { Trans, useLingui } from '@lingui/react/macro';
import { Page } from '@/components/Page';
import { HeldList } from './HeldList';
import { OpenForm } from './OpenForm';
import { UncertainMessages } from './UncertainMessages';

/** What waits for somebody's decision: what is held, and messages of which nobody knows whether they went out. */
export function HeldPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Held batches`}>
      <p>
        <Trans>
          What is held waits here until somebody decides. Nothing of it is lost, and nothing is sent. Sign-in
          codes and emergencies go out all the same, unless it says otherwise.
        </Trans>
      </p>
      <HeldList />
      <OpenForm />
      <UncertainMessages />
    </Page>
  );
}
