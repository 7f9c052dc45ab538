import { useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { ActOrLeave } from './ActOrLeave';
import { Dialog } from './Dialog';
import { Field } from './Field';
import { useOnce } from './once';
import { Overtaken } from './Overtaken';
import { isThatNumber } from './that-number';
import { useWords } from './words';

/** What is done once it is confirmed. */
export interface Confirmed {
  readonly run: () => Promise<unknown>;
  readonly isPending: boolean;
  readonly error: unknown;
}

interface ConfirmByNumberProps {
  readonly title: string;
  /** What the button does, and is doing. */
  readonly act: string;
  readonly acting: string;
  /** To be typed first; null where the act needs none. */
  readonly number: number | null;
  readonly hint?: string;
  readonly mutation: Confirmed;
  readonly close: () => void;
  /** What will happen, to how many. */
  readonly children: React.ReactNode;
}

/** Before what is hard to take back: what will happen, and the number of whom it concerns to be typed. */
export function ConfirmByNumber({
  title,
  act,
  acting,
  number,
  hint,
  mutation,
  close,
  children,
}: ConfirmByNumberProps) {
  const { t } = useLingui();
  const words = useWords();
  const shown = words.number(number ?? 0);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const confirmed = useOnce(() => mutation.run().then(close));
  const confirm = () => {
    if (number !== null && !isThatNumber(typed, number)) {
      setWrong(t`Type ${shown} to go on, or close this.`);
      field.current?.focus();
      return;
    }
    setWrong(null);
    confirmed();
  };
  return (
    <Dialog title={title} role="alertdialog" {...(mutation.isPending ? {} : { close })}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        {children}
        {number !== null && (
          <Field label={t`Number: ${shown}`} {...(hint ? { hint } : {})} error={wrong}>
            {(control) => (
              <input
                {...control}
                ref={field}
                inputMode="numeric"
                autoComplete="off"
                value={typed}
                onChange={(event) => {
                  setTyped(event.target.value);
                }}
              />
            )}
          </Field>
        )}
        {Boolean(mutation.error) && <Overtaken error={mutation.error} />}
        <ActOrLeave act={act} acting={acting} isDanger isPending={mutation.isPending} leave={close} />
      </form>
    </Dialog>
  );
}
