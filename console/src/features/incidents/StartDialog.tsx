import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { IncidentShownOut } from '@/api';
import { ConfirmByNumber, type Confirmed } from '@/components/ConfirmByNumber';
import { Time } from '@/components/Time';
import { MANY, toReset } from './figures';

interface StartDialogProps {
  readonly shown: IncidentShownOut;
  readonly mutation: Confirmed;
  readonly close: () => void;
}

/** What a run will do, to how many, before it begins. */
export function StartDialog({ shown, mutation, close }: StartDialogProps) {
  const { t } = useLingui();
  const many = toReset(shown);
  const counted = shown.times.counted && <Time at={shown.times.counted} exact />;
  return (
    <ConfirmByNumber
      title={t`Start the run?`}
      act={t`Start the run`}
      acting={t`Starting…`}
      number={many !== null && many > MANY ? many : null}
      hint={t`Type the number, so that it does not happen by mistake.`}
      mutation={mutation}
      close={close}
    >
      <p>
        <strong>
          {many === null ? (
            <Trans>What was counted is marked good again.</Trans>
          ) : (
            <Plural
              value={many}
              _0="Nothing is left that would be marked good again."
              one="# address or number is marked good again."
              other="# addresses and numbers are marked good again."
            />
          )}
        </strong>
      </p>
      <ul>
        <li>
          <Trans>Messages to them are sent again from then on. Nothing is sent by the run itself.</Trans>
        </li>
        {counted && (
          <li>
            <Trans>It was counted on {counted}. What came in since stays closed.</Trans>
          </li>
        )}
        <li>
          <Trans>Where a provider keeps them on a list of its own, it is asked to take them off.</Trans>
        </li>
        <li>
          <Trans>It can be stopped, and undone for 90 days.</Trans>
        </li>
      </ul>
    </ConfirmByNumber>
  );
}
