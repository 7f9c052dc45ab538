import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { MessageOut } from '@/api';
import { ActOrLeave } from '@/components/ActOrLeave';
import { announce } from '@/components/Announcements';
import { Dialog } from '@/components/Dialog';
import { useOnce } from '@/components/once';
import { Overtaken } from '@/components/Overtaken';
import { isLost } from '@/components/overtaken';
import { useCancelMessage } from './queries';

interface CancelMessageProps {
  readonly message: MessageOut;
  /** Nobody knows whether it was done; the list is looked at anew. */
  readonly lost: (error: unknown) => void;
}

/** One message that has not gone out: stop it, for good. */
export function CancelMessage({ message, lost }: CancelMessageProps) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  const close = () => {
    setAsked(false);
  };
  const { mutateAsync, isPending, error } = useCancelMessage((failure) => {
    if (!isLost(failure)) return;
    close();
    lost(failure);
  });

  const cancel = useOnce(async () => {
    const result = await mutateAsync(message.id);
    close();
    announce(
      result?.outcome === 'cancelled'
        ? t`The message is cancelled.`
        : t`It was too late: the message is not waiting any more.`,
    );
  });

  return (
    <>
      <button
        type="button"
        className="link"
        onClick={() => {
          setAsked(true);
        }}
      >
        <Trans>Cancel this message</Trans>
      </button>
      {asked && (
        <Dialog title={t`Cancel this message?`} role="alertdialog" {...(isPending ? {} : { close })}>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              cancel();
            }}
          >
            <p>
              <Trans>
                This concerns one message to one person. It will never be sent, and that cannot be undone.
              </Trans>
            </p>
            {error !== null && <Overtaken error={error} />}
            <ActOrLeave
              act={<Trans>Cancel the message</Trans>}
              acting={<Trans>Cancelling…</Trans>}
              isDanger
              isPending={isPending}
              leave={close}
            />
          </form>
        </Dialog>
      )}
    </>
  );
}
