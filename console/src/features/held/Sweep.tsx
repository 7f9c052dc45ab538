import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import type { BatchOut, SweepOut } from '@/api';
import { announce } from '@/components/Announcements';

interface SweepProps {
  readonly swept: SweepOut;
  readonly state: BatchOut['state'];
}

/** How far what was held has gone since somebody decided; it is looked at again until nothing is left. */
export function Sweep({ swept: { resumed, dropped, finished }, state }: SweepProps) {
  const { t } = useLingui();
  const was = useRef(finished);
  useEffect(() => {
    if (finished && !was.current) announce(t`Done: nothing that was held is left.`);
    was.current = finished;
  }, [finished, t]);
  const goesOn = state === 'resumed';
  return (
    <section aria-labelledby="sweep">
      <h2 id="sweep">
        <Trans>What became of what was held</Trans>
      </h2>
      {!finished && (
        <p>
          <progress aria-labelledby="sweep" />
        </p>
      )}
      <ul>
        {goesOn && (
          <li>
            <Plural value={resumed} one="# message goes out." other="# messages go out." />
          </li>
        )}
        <li>
          {goesOn ? (
            <Plural
              value={dropped}
              one="# message was given up as too old."
              other="# messages were given up as too old."
            />
          ) : (
            <Plural value={dropped} one="# message was given up." other="# messages were given up." />
          )}
        </li>
      </ul>
      <p>
        {finished ? (
          <Trans>Done: nothing that was held is left.</Trans>
        ) : (
          <Trans>
            It goes on by itself, also when you leave this page. With many messages it takes minutes.
          </Trans>
        )}
      </p>
    </section>
  );
}
