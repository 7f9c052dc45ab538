import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect } from 'react';
import type { IncidentShownOut } from '@/api';
import { announce } from '@/components/Announcements';
import { useWords } from '@/components/words';
import { sum } from './figures';
import { isAtWork, onlyAwaitsProviders, underWay } from './progress';

/** How far it is while it is at work. */
export function UnderWay({ shown }: { readonly shown: IncidentShownOut }) {
  const { t } = useLingui();
  const words = useWords();
  const phase = underWay(shown);
  const share = phase === null || phase.parts === 0 ? null : phase.parts_done / phase.parts;
  const quarter = share === null ? null : Math.floor(share * 4) * 25;
  useEffect(() => {
    if (quarter !== null && quarter > 0) announce(t`${quarter} percent done`); // seldom
  }, [quarter, t]);
  if (!isAtWork(shown)) return null;
  if (onlyAwaitsProviders(shown))
    return (
      <p>
        <Trans>
          All are reset here. It is done once the providers have taken them off their own lists, too. You can
          leave this page and come back.
        </Trans>
      </p>
    );
  const [done, parts] = [words.number(phase?.parts_done ?? 0), words.number(phase?.parts ?? 0)];
  const many = words.number(phase ? sum(phase.counts.outcome) : 0);
  return (
    <div className="card">
      <p>
        {shown.state === 'counting' && <Trans>Counting whom it concerns. Nothing is changed.</Trans>}
        {shown.state === 'running' && <Trans>Marking them good again.</Trans>}
        {shown.state === 'stopping' && <Trans>It stops within seconds.</Trans>}
        {shown.state === 'undoing' && <Trans>Closing them again.</Trans>}{' '}
        <Trans>You can leave this page and come back.</Trans>
      </p>
      <progress {...(share === null ? {} : { value: share })} aria-label={t`Progress`} />
      <p>
        {share === null ? (
          <Trans>Looking for whom it may concern…</Trans>
        ) : (
          <Trans>
            {done} of {parts} parts done, {many} addresses and numbers so far.
          </Trans>
        )}
      </p>
    </div>
  );
}
