import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Page } from '@/components/Page';
import { Announced } from './Announced';
import { changed, filtersOf } from './filters';
import { Narrowed } from './Narrowed';
import { itemsOf, unreachableQuery } from './queries';
import { TakeAway } from './TakeAway';
import { tally } from './tally';
import { UnreachableTable } from './UnreachableTable';

/** Whom the viewer's schools cannot reach: to be called, printed, or put beside the SIS. */
export function UnreachablePage() {
  const { t } = useLingui();
  const [query, setQuery] = useSearchParams();
  const filters = filtersOf(query);
  const list = useInfiniteQuery(unreachableQuery(filters));
  const lines = itemsOf(list.data);
  const isNarrowed = Object.keys(filters).length > 0;
  return (
    <Page title={t`Cannot be reached`}>
      <p>
        <Trans>
          Whose email address or phone number is bad, so that nothing is sent to it, and whether something
          else still reaches them.
        </Trans>
      </p>
      <Narrowed
        filters={filters}
        narrow={(name, value) => {
          setQuery((before) => changed(before, name, value), { replace: true });
        }}
      />
      {list.isError && list.data === undefined ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading />
      ) : (
        <div aria-busy={list.isPlaceholderData}>
          <Announced settled={!list.isFetching}>
            <Count {...tally(lines)} more={list.hasNextPage} isNarrowed={isNarrowed} />
          </Announced>
          {lines.length > 0 && (
            <>
              <TakeAway filters={filters} />
              <UnreachableTable
                caption={t`Who cannot be reached`}
                lines={lines}
                withSchools={filters.school === undefined}
              />
            </>
          )}
          <More query={list} />
        </div>
      )}
    </Page>
  );
}

interface CountProps {
  readonly people: number;
  readonly lines: number;
  readonly more: boolean;
  readonly isNarrowed: boolean;
}

function Count({ people, lines, more, isNarrowed }: CountProps) {
  if (lines === 0)
    return isNarrowed ? (
      <Trans>Nobody fits these filters.</Trans>
    ) : (
      <Trans>Everybody can be reached: no email address and no phone number is bad.</Trans>
    );
  return (
    <>
      <Plural value={people} one="# person" other="# people" />,{' '}
      <Plural value={lines} one="# bad address or number" other="# bad addresses and numbers" />
      {more ? (
        <>
          {' '}
          <Trans>so far: there are more below.</Trans>
        </>
      ) : (
        '.'
      )}
    </>
  );
}
