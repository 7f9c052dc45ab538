import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import type { ResetOut, ResetResultOut, UserOut } from '@/api';
import { announce } from '@/components/Announcements';
import { useWords } from '@/components/words';
import { current } from './blocks';
import { ProviderLists } from './ProviderLists';

interface ResetAnswerProps {
  readonly answer: ResetOut;
  /** As the person stands now. */
  readonly now: UserOut;
  readonly close: () => void;
}

/** What a reset did, a line each, and how the services' own lists go on. The focus comes here. */
export function ResetAnswer({ answer, now, close }: ResetAnswerProps) {
  const inWords = useOutcome();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    head.current?.focus();
  }, [answer]);
  const spoken = answer.results.map(inWords).join(' ');
  useEffect(() => {
    announce(spoken);
  }, [spoken]);
  return (
    <section className="note" aria-labelledby="reset-answer">
      <h2 id="reset-answer" ref={head} tabIndex={-1}>
        <Trans>What the reset did</Trans>
      </h2>
      <ul className="plain-list">
        {answer.results.map((result) => (
          <li key={result.kind}>
            <p>
              <strong>{inWords(result)}</strong> {result.detail}
            </p>
            <ProviderLists upstream={listsOf(result, now)} />
          </li>
        ))}
      </ul>
      <p>
        <Trans>No message was sent. What was missed before does not come again by itself.</Trans>
      </p>
      <p>
        <button type="button" className="link" onClick={close}>
          <Trans>Hide this</Trans>
        </button>
      </p>
    </section>
  );
}

function useOutcome() {
  const { t } = useLingui();
  const words = useWords();
  return ({ kind: which, outcome, still_blocked: blocked }: ResetResultOut) => {
    const kind = words.kind(which);
    const channels = words.list(blocked.map(words.channel));
    if (outcome === 'refused') return t`${kind}: not opened.`;
    if (outcome === 'already_good') return t`${kind}: it was open already, so there was nothing to lift.`;
    return blocked.length === 0
      ? t`${kind}: opened here.`
      : t`${kind}: opened here, but still closed for: ${channels}.`;
  };
}

function listsOf({ kind, upstream }: ResetResultOut, now: UserOut) {
  const credential = current(now).find((one) => one.kind === kind);
  return credential?.upstream ?? upstream;
}
