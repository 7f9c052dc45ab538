import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { Channel, CredentialKind, Ground, UserOut } from '@/api';
import { Dialog } from '@/components/Dialog';
import { Failed } from '@/components/Failed';
import { useFirstWrong } from '@/components/first-wrong';
import { NoteField } from '@/components/NoteField';
import { isLost } from '@/components/overtaken';
import { Field } from '@/components/Field';
import { useWords } from '@/components/words';
import { current } from './blocks';
import { ActOrCancel } from './ActOrCancel';
import { NewsNote } from './NewsNote';
import { NOTE_LIMIT } from './notes';
import { isOvertaken } from './outcome';
import { useMark } from './queries';
import { useSeen } from './seen';
import { Sharing } from './Sharing';

interface MarkDialogProps {
  readonly user: UserOut;
  readonly kind: CredentialKind;
  readonly close: () => void;
  readonly done: () => void;
}

/** Close an email or a phone on a person's word. */
export function MarkDialog({ user, kind, close, done }: MarkDialogProps) {
  const { t } = useLingui();
  const words = useWords();
  const { seen, news, isLooking, failed, lookAnew } = useSeen(user);
  const { act, isPending, error } = useMark(user.id);
  const [ground, setGround] = useState<Ground>('manual');
  const [channel, setChannel] = useState<Channel | null>(null);
  const [note, setNote] = useState('');
  const { form, wasTried, show } = useFirstWrong();
  const credential = current(seen).find((one) => one.kind === kind);
  const isBusy = isPending || isLooking;

  const send = () => {
    if (isBusy) return;
    if (note.trim() === '') {
      show();
      return;
    }
    act({ etag: seen.etag, credential: kind, channel, ground, note: note.trim() }, { done, failed });
  };

  return (
    <Dialog title={t`Mark as bad`} {...(isPending ? {} : { close })}>
      <p>
        {words.kind(kind)}: <strong translate="no">{credential?.typed}</strong>
      </p>
      <p>
        <Trans>Nothing more is sent to it until somebody resets it. The person is told nothing.</Trans>
      </p>
      {credential?.shared && (
        <>
          <Sharing credential={credential} links={false} />
          <p>
            <Trans>It closes for them, too.</Trans>
          </p>
        </>
      )}
      {news && <NewsNote news={news} lookAnew={lookAnew} />}
      {error && !isLost(error) && !isOvertaken(error) && <Failed error={error} />}
      <form
        ref={form}
        noValidate
        onSubmit={(submitted) => {
          submitted.preventDefault();
          send();
        }}
      >
        <fieldset>
          <legend>
            <Trans>Why?</Trans>
          </legend>
          <label className="choice">
            <input
              type="radio"
              name="ground"
              checked={ground === 'manual'}
              onChange={() => {
                setGround('manual');
              }}
            />
            <Trans>It does not work: wrong, or no longer in use</Trans>
          </label>
          <label className="choice">
            <input
              type="radio"
              name="ground"
              checked={ground === 'unsubscribed'}
              onChange={() => {
                setGround('unsubscribed');
              }}
            />
            <Trans>The person asked not to be contacted this way</Trans>
          </label>
        </fieldset>
        {ground === 'unsubscribed' && (
          <p className="hint">
            <Trans>To open it again, somebody needs the person's consent.</Trans>
          </p>
        )}
        {kind === 'phone' && (
          <Field label={t`For what?`}>
            {(field) => (
              <select
                {...field}
                value={channel ?? ''}
                onChange={(picked) => {
                  const value = picked.target.value;
                  setChannel(value === 'sms' || value === 'voice' ? value : null);
                }}
              >
                <option value="">{t`Texts and calls`}</option>
                <option value="sms">{t`Texts only`}</option>
                <option value="voice">{t`Calls only`}</option>
              </select>
            )}
          </Field>
        )}
        <NoteField
          label={t`Note`}
          hint={t`Who told you, and what. Whoever resets it later reads this.`}
          error={wasTried && note.trim() === '' ? t`Write down why: others must know later.` : null}
          required
          atMost={NOTE_LIMIT}
          note={note}
          change={setNote}
        />
        <ActOrCancel
          act={t`Mark as bad`}
          acting={t`Marking…`}
          isDanger
          isPending={isPending}
          isLooking={isLooking}
          close={close}
        />
      </form>
    </Dialog>
  );
}
