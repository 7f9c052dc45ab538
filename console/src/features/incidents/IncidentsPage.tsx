import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { By } from '@/components/By';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Page } from '@/components/Page';
import { Table } from '@/components/Table';
import { Time } from '@/components/Time';
import { Concerned } from './Concerned';
import { firstTime } from './progress';
import { incidentsQuery } from './queries';
import { IncidentState } from './IncidentState';

/** All incidents: those that somebody has asked for, and those that Reachable has raised itself. */
export function IncidentsPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Incidents`}>
      <p>
        <Trans>
          A receiving domain, a provider or our own DNS can fail for hours and mark many addresses bad that
          are good. Here all of them are marked good again in one run: counted first, watched, stopped and
          undone.
        </Trans>
      </p>
      <p className="buttons">
        <Link to="/incidents/new" className="button">
          <Trans>Count a new one</Trans>
        </Link>
      </p>
      <h2>
        <Trans>Incidents so far</Trans>
      </h2>
      <Incidents />
    </Page>
  );
}

function Incidents() {
  const { t } = useLingui();
  const query = useInfiniteQuery(incidentsQuery);
  if (query.isPending) return <Loading />;
  if (!query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const incidents = query.data.pages.flatMap(({ items }) => items);
  if (incidents.length === 0)
    return (
      <p>
        <Trans>There are none. When more messages bounce than usual, Reachable raises one by itself.</Trans>
      </p>
    );
  return (
    <>
      <Table
        caption={t`Incidents, the newest first`}
        captionUnseen
        columns={[{ name: t`When` }, { name: t`State` }, { name: t`Whom it concerns` }, { name: t`By whom` }]}
        rows={incidents.map((shown) => ({
          key: shown.id,
          cells: [
            <Link key="when" to={`/incidents/${shown.id}`}>
              <Time at={firstTime(shown)} exact />
            </Link>,
            <IncidentState key="state" shown={shown} />,
            <Concerned key="whom" shown={shown} />,
            <By key="by" id={shown.by} name={shown.by_name} />,
          ],
        }))}
      />
      <More query={query} />
    </>
  );
}
