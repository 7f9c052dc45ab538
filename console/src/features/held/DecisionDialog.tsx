import { useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { ActOrLeave } from '@/components/ActOrLeave';
import { Dialog } from '@/components/Dialog';
import { Field } from '@/components/Field';
import { NoteField } from '@/components/NoteField';
import { useOnce } from '@/components/once';
import { Overtaken } from '@/components/Overtaken';
import { isConflict } from '@/components/overtaken';
import { useWords } from '@/components/words';
import { isTyped, toType, waiting, type Counts } from './counts';
import { EmergencyChoice } from './EmergencyChoice';
import { groupOf } from './groups';
import { useDecide, type Act } from './queries';
import { useActWords } from './useActWords';
import { WhatItDoes } from './WhatItDoes';

interface DecisionDialogProps {
  readonly act: Act;
  readonly id: string;
  /** Whether it is held already; then holding it says anew what passes. */
  readonly held: boolean;
  readonly emergenciesPass: boolean;
  readonly counts: Counts;
  readonly close: () => void;
  readonly tell: (done: string) => void;
  /** It came too late, or nobody knows whether it was done. */
  readonly fail: (error: unknown) => void;
}

/** Asks once more: how many messages it concerns, what it does, and what of it cannot be undone. */
export function DecisionDialog(props: DecisionDialogProps) {
  const { act, id, held, close, tell, fail } = props;
  const { t } = useLingui();
  const words = useWords();
  const said = useActWords(id, held)[act];
  const { mutateAsync, isPending, error } = useDecide(
    id,
    () => {
      close();
      tell(said.done);
    },
    (failure) => {
      if (isConflict(failure)) close(); // it was decided about a state that is no more
      fail(failure);
    },
  );
  const { kind, name } = groupOf(id);
  const [waits] = useState(() => waiting(props.counts)); // what was shown counts, whatever is counted meanwhile
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const [note, setNote] = useState('');
  const [pass, setPass] = useState(held ? !props.emergenciesPass : true);
  const input = useRef<HTMLInputElement>(null);
  const isFinal = act === 'drop' || act === 'cancel';
  const wanted = isFinal ? toType(waits, name || 'all') : null;
  const shown = typeof wanted === 'number' ? words.number(wanted) : (wanted ?? '');

  const send = useOnce(() => mutateAsync({ act, note: note.trim() || undefined, emergenciesPass: pass }));

  function decide(event: React.SubmitEvent) {
    event.preventDefault();
    if (!isTyped(wanted, typed)) {
      setWrong(true);
      input.current?.focus();
      return;
    }
    send();
  }

  return (
    <Dialog title={said.title} role={isFinal ? 'alertdialog' : 'dialog'} {...(isPending ? {} : { close })}>
      <form noValidate onSubmit={decide}>
        <WhatItDoes act={act} kind={kind} held={held} waits={waits} emergenciesPass={props.emergenciesPass} />
        {act === 'hold' && kind === 'all' && <EmergencyChoice pass={pass} choose={setPass} />}
        {act === 'hold' && (
          <NoteField
            label={t`Why (if you like)`}
            hint={t`Others see it here. It is kept.`}
            atMost={1000}
            note={note}
            change={setNote}
          />
        )}
        {wanted !== null && (
          <Field
            label={t`Type ${shown} if you are sure`}
            error={wrong ? t`That is not ${shown}. Type it as it stands above, or leave it as it is.` : null}
          >
            {(field) => (
              <input
                {...field}
                ref={input}
                value={typed}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                inputMode={waits === null ? 'text' : 'numeric'}
                onChange={(event) => {
                  setTyped(event.target.value);
                }}
              />
            )}
          </Field>
        )}
        {error && <Overtaken error={error} />}
        <ActOrLeave
          act={said.act}
          acting={said.doing}
          isDanger={isFinal}
          isPending={isPending}
          leave={close}
        />
      </form>
    </Dialog>
  );
}
