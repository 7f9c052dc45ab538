import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Announced } from './Announced';
import { itemsOf, unreachableQuery } from './queries';
import { TakeAway } from './TakeAway';
import { tally } from './tally';
import { UnreachableTable } from './UnreachableTable';

/** Whose address or number of a class's families is bad, and what to do. */
export function ClassUnreachable({ id }: { readonly id: string }) {
  const { t } = useLingui();
  const list = useInfiniteQuery(unreachableQuery({ class: id }));
  const lines = itemsOf(list.data);
  return (
    <section>
      <h2>
        <Trans>Bad addresses and numbers</Trans>
      </h2>
      {list.isError && list.data === undefined ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading />
      ) : (
        <>
          <Announced settled={!list.isFetching}>
            {lines.length === 0 ? (
              <Trans>No address and no number of this class is bad.</Trans>
            ) : list.hasNextPage ? (
              <Trans>Not all of them are shown yet.</Trans>
            ) : (
              <Plural
                value={tally(lines).people}
                one="# person of this class has a bad address or number."
                other="# people of this class have a bad address or number."
              />
            )}
          </Announced>
          {lines.length > 0 && (
            <>
              <UnreachableTable caption={t`Bad addresses and numbers`} lines={lines} withSchools={false} />
              <More query={list} />
              <TakeAway filters={{ class: id }} />
            </>
          )}
        </>
      )}
    </section>
  );
}
