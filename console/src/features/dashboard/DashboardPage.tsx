import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import { clock, useMe } from '@/api';
import { announce } from '@/components/Announcements';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { ByChoice } from './ByChoice';
import { choiceIn } from './choice';
import { Download } from './Download';
import { PeriodChoice } from './PeriodChoice';
import { Pictures } from './Pictures';
import { statisticsQuery } from './queries';
import { Summary } from './Summary';
import { Tables } from './Tables';
import { useRowWords } from './useRowWords';

/** How much of what is sent comes back, against what providers put up with. */
export function DashboardPage() {
  const { t } = useLingui();
  const [address] = useSearchParams();
  const [now] = useState(() => new Date(clock.now()));
  const wished = choiceIn(address, now);
  // Who does not see the whole district is told by school alone.
  const schoolsAlone = !useMe().sees_district;
  const all = useQuery({ ...statisticsQuery('week', wished.period), enabled: !schoolsAlone });
  const choice = schoolsAlone ? { ...wished, by: 'school' as const } : wished;
  const shown = useQuery(statisticsQuery(choice.by, choice.period));
  const whole = schoolsAlone ? shown : all;
  const { name, heading } = useRowWords();
  const kind = heading(choice.by);
  const ready = shown.isSuccess && !shown.isPlaceholderData;
  useEffect(() => {
    if (ready) announce(t`The figures are shown: ${kind}.`);
  }, [ready, kind, choice.period.from, choice.period.to, t]);

  return (
    <Page title={t`Figures`}>
      <p>
        <Trans>
          How much of what is sent comes back. Where too much does, the providers of email stop taking what
          the schools send.
        </Trans>
      </p>
      <PeriodChoice choice={choice} now={now} />
      {whole.isError && choice.by !== 'week' && !schoolsAlone && (
        <Failed error={whole.error} retry={() => void whole.refetch()} />
      )}
      {whole.data && <Summary found={whole.data} ofSchools={schoolsAlone} />}
      {schoolsAlone ? (
        <p>
          <Trans>
            You see your own schools. The figures of domains, providers and weeks are for who sees the whole
            district.
          </Trans>
        </p>
      ) : (
        <ByChoice choice={choice} />
      )}
      {shown.isPending && <Loading />}
      {shown.isError && <Failed error={shown.error} retry={() => void shown.refetch()} />}
      {shown.data && shown.data.items.length > 0 && (
        <div aria-busy={shown.isPlaceholderData}>
          <Pictures found={shown.data} name={name} />
          <Tables found={shown.data} name={name} />
          <Download choice={choice} />
          <p className="quiet">
            <Trans>
              The numbers are approximate. They count what providers tell, in whole weeks (UTC), in the week
              in which it happened.
            </Trans>
          </p>
        </div>
      )}
    </Page>
  );
}
