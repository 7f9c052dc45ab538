import { useLingui } from '@lingui/react/macro';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface DialogProps {
  readonly title: string;
  /** What ends it: Escape, a press beside it, its own cross. Without it the dialog must be answered. */
  readonly close?: () => void;
  readonly role?: 'dialog' | 'alertdialog';
  readonly children: React.ReactNode;
}

/** Over the page until it is answered; the focus goes in, stays, and goes back to where it was. */
export function Dialog({ title, close, role = 'dialog', children }: DialogProps) {
  const { t } = useLingui();
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={false}
      isKeyboardDismissDisabled={close === undefined}
      onOpenChange={(open) => {
        if (!open) close?.();
      }}
    >
      <Modal className="modal">
        <AriaDialog role={role} className="dialog">
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {close && (
              <button type="button" className="cross" aria-label={t`Close`} onClick={close}>
                ×
              </button>
            )}
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
