/** What is asked of the statistics. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { showStatistics, type By, type CountsOut, type StatisticsOut } from '@/api';
import { everyWeek, type Period } from './weeks';

export const statisticsQuery = (by: By, period: Period) =>
  queryOptions({
    queryKey: ['statistics', by, period.from, period.to],
    queryFn: async ({ signal }) => {
      const query = { by, from: period.from, to: period.to };
      return whole((await showStatistics({ query, signal, throwOnError: true })).data);
    },
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  });

/** By week with those in which nothing was sent: a picture without them would hide that. */
function whole(found: StatisticsOut): StatisticsOut {
  if (found.by !== 'week') return found;
  const known = new Map(found.items.map((row) => [row.week, row]));
  if (known.size === 0) return found;
  // What is not told of any week is not told of those either.
  const untold = (what: 'complained' | 'opted_out') => found.items.every((row) => row[what] === null);
  const nothing = {
    ...NOTHING,
    complained: untold('complained') ? null : 0,
    opted_out: untold('opted_out') ? null : 0,
  };
  return { ...found, items: everyWeek(found).map((week) => known.get(week) ?? { ...nothing, week }) };
}

const NOTHING: CountsOut = {
  sent: 0,
  delivered: 0,
  bounced_permanent: 0,
  bounced_transient: 0,
  bounced_undetermined: 0,
  failed: 0,
  rejected: 0,
  suppressed: 0,
  complained: 0,
  opted_out: 0,
  bounce_share: null,
  complaint_share: null,
};
