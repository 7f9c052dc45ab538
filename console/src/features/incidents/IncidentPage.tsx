import { Trans, useLingui } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useParams } from 'wouter';
import type { IncidentShownOut } from '@/api';
import { announce } from '@/components/Announcements';
import { By } from '@/components/By';
import { Failed } from '@/components/Failed';
import { Page } from '@/components/Page';
import { SaveReport } from '@/components/SaveReport';
import { Time } from '@/components/Time';
import { Acts } from './Acts';
import { Concerned } from './Concerned';
import { Counted } from './Counted';
import { Done } from './Done';
import { IncidentState } from './IncidentState';
import { NextStep } from './NextStep';
import { firstTime } from './progress';
import { incidentQuery, reportAddress } from './queries';
import { Releases } from './Releases';
import { UnderWay } from './UnderWay';
import { useIncidentWords } from './wording';

/** One incident: what it would do or has done, how far it is, and what can be done with it. */
export function IncidentPage() {
  const { t } = useLingui();
  const { id } = useParams<{ id: string }>();
  const { data: shown, error, refetch } = useSuspenseQuery(incidentQuery(id));
  useAnnouncedState(shown);
  const hasReport = [shown.counts, shown.run, shown.undo].some((phase) => phase !== null);
  return (
    <Page title={t`Incident`}>
      <p>
        <Link to="/incidents">
          <Trans>All incidents</Trans>
        </Link>
      </p>
      {error && <Failed error={error} retry={() => void refetch()} />}
      <Facts shown={shown} />
      <NextStep shown={shown} at={shown.seenAt} />
      <UnderWay shown={shown} />
      <Acts shown={shown} />
      <Done shown={shown} />
      <Releases shown={shown} />
      <Counted shown={shown} />
      {hasReport && (
        <>
          <h2>
            <Trans>Everybody by name</Trans>
          </h2>
          <p>
            <Trans>
              A table for a spreadsheet: who it is, what was done or would be, and why not. Whom it names is
              kept in the audit.
            </Trans>
          </p>
          <SaveReport ask={() => reportAddress(id)} name={`${t`incident-report`}.csv`}>
            <Trans>Save the report (CSV)</Trans>
          </SaveReport>
        </>
      )}
    </Page>
  );
}

function Facts({ shown }: { readonly shown: IncidentShownOut }) {
  return (
    <dl className="facts">
      <dt>
        <Trans>State</Trans>
      </dt>
      <dd>
        <IncidentState shown={shown} />
      </dd>
      <dt>
        <Trans>Whom it concerns</Trans>
      </dt>
      <dd>
        <Concerned shown={shown} />
      </dd>
      <dt>
        <Trans>Saved</Trans>
      </dt>
      <dd>
        <Time at={firstTime(shown)} exact />
      </dd>
      <dt>
        <Trans>By whom</Trans>
      </dt>
      <dd>
        <By id={shown.by} name={shown.by_name} />
      </dd>
      {shown.started_by && (
        <>
          <dt>{shown.times.undoing ? <Trans>Undone by</Trans> : <Trans>Started by</Trans>}</dt>
          <dd>
            <By id={shown.started_by} name={shown.started_by_name} />
          </dd>
        </>
      )}
      {shown.note && (
        <>
          <dt>
            <Trans>Note</Trans>
          </dt>
          <dd>{shown.note}</dd>
        </>
      )}
    </dl>
  );
}

/** Said once it changes, not at each look. */
function useAnnouncedState({ state }: IncidentShownOut) {
  const words = useIncidentWords();
  const text = words.state(state);
  const told = useRef(text);
  useEffect(() => {
    if (told.current !== text) announce(text);
    told.current = text;
  }, [text]);
}
