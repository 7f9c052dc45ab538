import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { announce } from '@/components/Announcements';
import { Failed } from '@/components/Failed';
import { Field } from '@/components/Field';
import { Loading } from '@/components/Loading';
import { isEnough } from './looked-for';
import { foundQuery } from './queries';
import { Results, useCount } from './Results';
import { inOrder } from './results-order';
import { useSettled } from './settled';
import { isWritten, step } from './steps';
import { useTyped } from './typed';

const PAUSE_MS = 200;

/** One box for names, addresses, numbers and classes; what it finds shows while one types. */
export function Finder() {
  const { t } = useLingui();
  const [, go] = useLocation();
  const [typed, setTyped] = useTyped();
  const [settled, settleNow] = useSettled(typed, PAUSE_MS);
  const text = settled.trim();
  const found = useQuery(foundQuery(text));
  const [opens, setOpens] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const count = useCount();

  const answer = isEnough(text) ? found.data : undefined;
  const isFresh = answer?.text === typed.trim();
  const first = isFresh ? inOrder(answer)[0] : undefined;
  const said = isFresh ? count(answer) : null;

  useEffect(() => {
    box.current?.select(); // whoever comes back may type anew at once
    box.current?.focus();
  }, []);
  useEffect(() => {
    if (said !== null) announce(said);
  }, [said, text]);
  useEffect(() => {
    if (opens && first) go(first.to);
  }, [opens, first, go]);

  /** Enter opens the first that is found; where it is not there yet, as soon as it is. */
  function open(event: React.SubmitEvent) {
    event.preventDefault();
    settleNow();
    setOpens(true);
  }
  function move(event: React.KeyboardEvent) {
    if (event.nativeEvent.isComposing) return; // the keys choose among what an input method offers
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const links = [...(rows.current?.querySelectorAll('a') ?? [])];
    const from = links.findIndex((link) => link === document.activeElement);
    if (from >= 0 && isWritten(event.key)) box.current?.focus(); // and there it is written
    const to = step(event.key, from, links.length);
    if (to === null) return;
    event.preventDefault();
    (links[to] ?? box.current)?.focus();
  }
  return (
    <div onKeyDown={move}>
      <form role="search" onSubmit={open}>
        <Field
          label={t`Name, full email or phone, or a class`}
          hint={t`Arrow keys go through what is found; Enter opens it.`}
        >
          {(field) => (
            <input
              {...field}
              ref={box}
              type="search"
              autoComplete="off"
              autoCapitalize="off"
              autoCorrect="off"
              spellCheck={false}
              enterKeyHint="search"
              maxLength={200}
              value={typed}
              onChange={(event) => {
                setOpens(false);
                setTyped(event.target.value);
              }}
            />
          )}
        </Field>
      </form>
      <div ref={rows}>
        {found.isError && isEnough(text) ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : answer ? (
          <Results found={answer} waits={!isFresh} />
        ) : isEnough(text) ? (
          <Loading />
        ) : (
          <p className="quiet">
            <Trans>What you look for stays on this page: it is in no address and no history.</Trans>
          </p>
        )}
      </div>
    </div>
  );
}
