import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { IncidentShownOut } from '@/api';
import { ConfirmByNumber, type Confirmed } from '@/components/ConfirmByNumber';
import { MANY, toRestore } from './figures';

interface UndoDialogProps {
  readonly shown: IncidentShownOut;
  readonly mutation: Confirmed;
  readonly close: () => void;
}

/** What an undo will close again, of how many, before it does. */
export function UndoDialog({ shown, mutation, close }: UndoDialogProps) {
  const { t } = useLingui();
  const many = toRestore(shown);
  return (
    <ConfirmByNumber
      title={t`Undo the run?`}
      act={t`Undo the run`}
      acting={t`Undoing…`}
      number={many !== null && many > MANY ? many : null}
      hint={t`Type the number, so that it does not happen by mistake.`}
      mutation={mutation}
      close={close}
    >
      <p>
        <strong>
          {many === null ? (
            <Trans>What the run has marked good is closed again.</Trans>
          ) : (
            <Plural
              value={many}
              _0="The run has marked nothing good that could be closed again."
              one="# address or number is closed again."
              other="# addresses and numbers are closed again."
            />
          )}
        </strong>
      </p>
      <ul>
        <li>
          <Trans>Nothing is sent to them from then on, for the same reason as before.</Trans>
        </li>
        <li>
          <Trans>What somebody has reset since stays open.</Trans>
        </li>
        <li>
          <Trans>What was taken off a provider's list stays off it.</Trans>
        </li>
        <li>
          <Trans>An incident that was undone cannot be started again: its time is counted anew.</Trans>
        </li>
      </ul>
    </ConfirmByNumber>
  );
}
