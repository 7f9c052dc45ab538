import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { ImportShownOut } from '@/api';
import { ConfirmByNumber } from '@/components/ConfirmByNumber';
import { Overtaken } from '@/components/Overtaken';
import { isConflict, isLost } from '@/components/overtaken';
import { useWords } from '@/components/words';
import { guardsFigures, numberToType } from './problems';
import { lastTime } from './progress';
import { useForce, type Awaited, type Forced } from './queries';
import { useImportWords } from './wording';

interface ForceImportProps {
  readonly shown: ImportShownOut;
  /** How the run that was forced last is waited for. */
  readonly waits: Awaited | null;
  /** It will run, or may: its page is to look until it does. */
  readonly begun: (forced: Forced) => void;
}

/** Let the guard be: what it doubts is right. The last good import, forced, puts everybody back. */
export function ForceImport({ shown, waits, begun }: ForceImportProps) {
  const { t } = useLingui();
  const words = useWords();
  const own = useImportWords();
  const [asked, ask] = useState<ImportShownOut | null>(null);
  const force = useForce(begun);
  const figures = guardsFigures(shown.problems);
  const wasRefused = shown.state === 'refused';
  // It was asked about a state that may be no more: the page shows how it is now.
  const isOver = isConflict(force.error) || isLost(force.error);
  // Nor is it asked any more about what has been run again meanwhile.
  if (asked !== null && (isOver || lastTime(asked) !== lastTime(shown))) ask(null);
  const overtaken = isOver && <Overtaken error={force.error} hasMoved={waits === null} />;
  if (!shown.can_be_forced || waits === 'begins') return overtaken;
  const button = (
    <p className="buttons">
      <button
        type="button"
        className="button danger"
        onClick={() => {
          force.reset();
          ask(shown);
        }}
      >
        <Trans>Force this import…</Trans>
      </button>
    </p>
  );
  return (
    <>
      {overtaken}
      {wasRefused ? (
        <>
          <h2>
            <Trans>If it is right all the same</Trans>
          </h2>
          <p>
            <Trans>
              A school has closed, or ids were changed on purpose: then this import can be forced. That lifts
              the guard only; lines that are called errors stay out.
            </Trans>
          </p>
          {button}
        </>
      ) : (
        <details>
          <summary>
            <Trans>Bring this file back</Trans>
          </summary>
          <p>
            <Trans>
              If a later import was a mistake, force the last good one: it puts everybody back as they stand
              in this file, with their status and history.
            </Trans>
          </p>
          {button}
        </details>
      )}
      {asked !== null && (
        <ConfirmByNumber
          title={t`Force this import?`}
          act={t`Force the import`}
          acting={t`Forcing…`}
          number={numberToType(shown)}
          hint={
            figures.length > 0
              ? t`Type the largest of these numbers, so that it does not happen by mistake.`
              : t`Type how many people the roster has then, so that it does not happen by mistake.`
          }
          mutation={{ run: () => force.mutateAsync(asked), isPending: force.isPending, error: force.error }}
          close={() => {
            ask(null);
            force.reset();
          }}
        >
          {figures.length > 0 ? (
            <ul>
              {figures.map(({ what, removes, count, of }) => {
                const [name, many, all] = [own.measure(what), words.number(count), words.number(of)];
                return (
                  <li key={`${what} ${String(removes)}`}>
                    {removes ? (
                      <Trans>
                        {name}: {many} of {all} will be removed.
                      </Trans>
                    ) : (
                      <Trans>
                        {name}: {many} of {all} will be changed.
                      </Trans>
                    )}
                  </li>
                );
              })}
            </ul>
          ) : (
            <p>
              <Trans>
                The roster will be as this file says, whatever that removes: whoever was added since is
                removed.
              </Trans>
            </p>
          )}
        </ConfirmByNumber>
      )}
    </>
  );
}
