import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { CredentialKind, ResetOut, UserOut } from '@/api';
import { Dialog } from '@/components/Dialog';
import { Failed } from '@/components/Failed';
import { useFirstWrong } from '@/components/first-wrong';
import { NoteField } from '@/components/NoteField';
import { isLost } from '@/components/overtaken';
import { useWords } from '@/components/words';
import { canBeReset, consentFor, current } from './blocks';
import { ConsentFields, type Consent } from './ConsentFields';
import { ActOrCancel } from './ActOrCancel';
import { NewsNote } from './NewsNote';
import { NOTE_LIMIT } from './notes';
import { isOvertaken } from './outcome';
import { useReset } from './queries';
import { ResetAdvice } from './ResetAdvice';
import { useSeen } from './seen';
import { WhichToReset } from './WhichToReset';

interface ResetDialogProps {
  readonly user: UserOut;
  /** Whose button was pressed. */
  readonly kind: CredentialKind;
  readonly close: () => void;
  readonly done: (answer: ResetOut) => void;
}

/** Before a reset: what it does and does not do, what is known of this case, and what it needs. */
export function ResetDialog({ user, kind, close, done }: ResetDialogProps) {
  const { t } = useLingui();
  const words = useWords();
  const { seen, news, isLooking, failed, lookAnew } = useSeen(user);
  const { act, isPending, error } = useReset(user.id);
  const [wished, setWished] = useState<readonly CredentialKind[]>([kind]);
  const [note, setNote] = useState('');
  const [consent, setConsent] = useState<Consent>({ from: '', how: '' });
  const { form, wasTried, show } = useFirstWrong();

  const candidates = current(seen).filter(canBeReset);
  const chosen = candidates.filter((candidate) => wished.includes(candidate.kind));
  // Whose button was pressed may be open by now: then no other takes its place.
  const isOver = candidates.length === 0 || (wished.length > 0 && chosen.length === 0);
  const need = consentFor(chosen);
  const told = { from: consent.from.trim(), how: consent.how.trim() };
  const isTold = told.from !== '' || told.how !== '';
  const isMissing = need !== 'none' && (need === 'all' || isTold) && (told.from === '' || told.how === '');
  const isBusy = isPending || isLooking;

  const send = () => {
    if (isBusy) return;
    if (chosen.length === 0 || isMissing) {
      show();
      return;
    }
    act(
      {
        etag: seen.etag,
        credentials: chosen.map((credential) => credential.kind),
        ...(note.trim() ? { note: note.trim() } : {}),
        ...(need !== 'none' && isTold ? { consent: told } : {}),
      },
      { done, failed },
    );
  };

  return (
    <Dialog title={t`Reset Status`} {...(isPending ? {} : { close })}>
      <p>
        <Trans>
          This lifts the block, so that messages go out again. It sends nothing and deletes nothing: the
          history stays.
        </Trans>
      </p>
      {news && <NewsNote news={news} lookAnew={lookAnew} isOver={isOver} />}
      {error && !isLost(error) && !isOvertaken(error) && <Failed error={error} />}
      {isOver ? (
        <>
          <p>
            <Trans>There is nothing left to reset.</Trans>
          </p>
          <p className="buttons">
            <button type="button" className="button" onClick={close}>
              <Trans>Close</Trans>
            </button>
          </p>
        </>
      ) : (
        <form
          ref={form}
          noValidate
          onSubmit={(submitted) => {
            submitted.preventDefault();
            send();
          }}
        >
          <WhichToReset
            candidates={candidates}
            chosen={chosen}
            error={wasTried && chosen.length === 0}
            choose={(which, isChosen) => {
              setWished(isChosen ? [...wished, which] : wished.filter((other) => other !== which));
            }}
          />
          {chosen.map((credential) => (
            <ResetAdvice
              key={credential.kind}
              user={seen}
              credential={credential}
              heading={chosen.length > 1 ? words.kind(credential.kind) : null}
            />
          ))}
          {need !== 'none' && (
            <ConsentFields
              need={need}
              consent={consent}
              change={setConsent}
              showErrors={wasTried && isMissing}
            />
          )}
          <NoteField
            label={t`Note (optional)`}
            hint={t`Why you reset it. It stays in the history, with your name.`}
            atMost={NOTE_LIMIT}
            note={note}
            change={setNote}
          />
          <ActOrCancel
            act={t`Reset Status`}
            acting={t`Resetting…`}
            isPending={isPending}
            isLooking={isLooking}
            close={close}
          />
        </form>
      )}
    </Dialog>
  );
}
