import { Trans } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { ChangeList } from './ChangeList';
import type { News } from './seen';

interface NewsNoteProps {
  readonly news: News;
  readonly lookAnew: (why: News['why']) => Promise<void>;
  /** Nothing is left to be done: then nothing is to be pressed. */
  readonly isOver?: boolean;
}

/** Why nothing was done, or that nobody knows; what has changed since one looked. The focus comes here. */
export function NewsNote({ news, lookAnew, isOver = false }: NewsNoteProps) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    note.current?.focus();
  }, [news]);
  return (
    <div className="failed" tabIndex={-1} ref={note}>
      <p>
        {news.why === 'overtaken' ? (
          <Trans>Something has changed here since you looked, so nothing was done.</Trans>
        ) : (
          <Trans>No answer came, so it is not known whether it was done.</Trans>
        )}
      </p>
      {news.changes === null ? (
        <>
          <p>
            <Trans>How it stands now could not be seen, either. Look again before you repeat it.</Trans>
          </p>
          <p>
            <button type="button" className="button second" onClick={() => void lookAnew(news.why)}>
              <Trans>Look again</Trans>
            </button>
          </p>
        </>
      ) : (
        <>
          <ChangeList changes={news.changes} />
          {!isOver && (
            <p>
              <Trans>What you typed is still here. Press again if it is still wanted.</Trans>
            </p>
          )}
        </>
      )}
    </div>
  );
}
