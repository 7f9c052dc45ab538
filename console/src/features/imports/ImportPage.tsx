import { Trans, useLingui } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'wouter';
import type { ImportShownOut } from '@/api';
import { announce } from '@/components/Announcements';
import { By } from '@/components/By';
import { Failed } from '@/components/Failed';
import { Page } from '@/components/Page';
import { readOnAt } from '@/components/read-on';
import { Time } from '@/components/Time';
import { Counts } from './Counts';
import { Files } from './Files';
import { ForceImport } from './ForceImport';
import { ImportState } from './ImportState';
import { Problems } from './Problems';
import { lastTime, progressOf } from './progress';
import { awaited, importQuery, type Awaited, type Forced } from './queries';
import { Result } from './Result';
import { UploadRoster } from './UploadRoster';
import { useImportWords } from './wording';

/** One import: how far it is, what it did or would do, what is wrong with the export, and what to do. */
export function ImportPage() {
  const { t } = useLingui();
  const { id } = useParams<{ id: string }>();
  const [forced, setForced] = useState<Forced | null>(null);
  const { data: shown, error, refetch } = useSuspenseQuery(importQuery(id, forced));
  const waits = awaited(shown, forced);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (forced !== null) readOnAt(() => place.current); // the button may be gone
  }, [forced]);
  useAnnouncedState(shown, shown.seenAt);
  return (
    <Page title={shown.dry_run ? t`Check of a roster` : t`Import of a roster`}>
      <p>
        <Link to="/imports">
          <Trans>All imports</Trans>
        </Link>
      </p>
      {error && <Failed error={error} retry={() => void refetch()} />}
      <dl className="facts">
        <dt>
          <Trans>State</Trans>
        </dt>
        <dd>
          <ImportState shown={shown} at={shown.seenAt} />
        </dd>
        {shown.uploaded_at && (
          <>
            <dt>
              <Trans>Uploaded</Trans>
            </dt>
            <dd>
              <Time at={shown.uploaded_at} exact />
            </dd>
          </>
        )}
        <dt>
          <Trans>By whom</Trans>
        </dt>
        <dd>
          <By id={shown.by} name={shown.by_name} />
          {shown.forced && (
            <>
              {'; '}
              <Trans>forced, whatever it removes</Trans>
            </>
          )}
        </dd>
      </dl>
      <div ref={place} tabIndex={-1}>
        {waits === null ? <Result shown={shown} at={shown.seenAt} /> : <Waits waits={waits} />}
      </div>
      <Counts shown={shown} />
      <Problems shown={shown} />
      <Files files={shown.files} />
      <ForceImport shown={shown} waits={waits} begun={setForced} />
      {shown.state === 'checked' && (
        <>
          <h2>
            {shown.refused ? <Trans>Check the corrected export</Trans> : <Trans>Import it for real</Trans>}
          </h2>
          <p>
            <Trans>Reachable keeps no file of a check for an import: choose it again.</Trans>
          </p>
          <UploadRoster checkFirst={shown.refused} />
        </>
      )}
    </Page>
  );
}

/** In the place of what the run before did, which says nothing of the one that was forced. */
function Waits({ waits }: { readonly waits: Awaited }) {
  return (
    <p role="status">
      {waits === 'begins' && <Trans>It begins in a moment…</Trans>}
      {waits === 'looked_for' && <Trans>Looking whether it begins…</Trans>}
      {waits === 'late' && (
        <Trans>
          It has not begun so far, and still may: this page goes on looking. If you force it again, it does
          not run twice.
        </Trans>
      )}
    </p>
  );
}

/** Said once it changes, not at each look; of a run that ends as the one before, too. Who waits notes it each minute. */
function useAnnouncedState(shown: ImportShownOut, at: number) {
  const words = useImportWords();
  const state = words.state(shown, at);
  const since = progressOf(shown, at) === 'ended' ? lastTime(shown) : 0;
  const told = useRef({ state, since });
  useEffect(() => {
    if (told.current.state !== state || told.current.since !== since) announce(state);
    told.current = { state, since };
  }, [state, since]);
}
