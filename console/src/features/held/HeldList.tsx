import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { announce } from '@/components/Announcements';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Table } from '@/components/Table';
import { Time } from '@/components/Time';
import { ByWhom } from './ByWhom';
import { placeOf } from './groups';
import { heldQuery } from './queries';
import { useGroupWords } from './useGroupWords';

/** All that is held now, the longest held first. */
export function HeldList() {
  const { t } = useLingui();
  const inWords = useGroupWords();
  const query = useInfiniteQuery(heldQuery);
  const held = query.data?.pages.flatMap(({ items }) => items);
  const count = held?.length;
  const more = query.hasNextPage;
  useEffect(() => {
    if (count === 0) announce(t`Nothing is held.`);
    else if (count !== undefined)
      announce(more ? t`${count} are shown; there are more.` : t`${count} are held.`);
  }, [count, more, t]);
  return (
    <section aria-labelledby="held">
      <h2 id="held">
        <Trans>Held now</Trans>
      </h2>
      {query.isPending && <Loading />}
      {query.isError && !query.isFetchNextPageError && (
        <Failed error={query.error} retry={() => void query.refetch()} />
      )}
      {held?.length === 0 && (
        <p>
          <strong className="status good">
            <span aria-hidden="true">✓ </span>
            <Trans>Nothing is held.</Trans>
          </strong>
        </p>
      )}
      {held !== undefined && held.length > 0 && (
        <>
          <p>
            {more ? (
              <Plural
                value={held.length}
                one="# is shown, the longest held; there are more."
                other="# are shown, the longest held first; there are more."
              />
            ) : (
              <Plural
                value={held.length}
                one="# waits for a decision."
                other="# wait for a decision, the longest held first."
              />
            )}{' '}
            <Trans>What nobody has decided about for 30 days is given up.</Trans>
          </p>
          <Table
            caption={t`Held now`}
            captionUnseen
            columns={[
              { name: t`What` },
              { name: t`Since` },
              { name: t`Why` },
              { name: t`By whom` },
              { name: t`Sign-in codes and emergencies` },
            ]}
            rows={held.map(({ id, since, why, by, emergencies_pass: pass }) => ({
              key: id,
              cells: [
                <Link key="what" to={placeOf(id)}>
                  {inWords(id)}
                </Link>,
                <Time key="since" at={since} exact />,
                why ?? <Trans key="why">No reason was written down</Trans>,
                <ByWhom key="by" by={by} />,
                pass ? (
                  <Trans key="pass">Go out</Trans>
                ) : (
                  <strong key="pass" className="status bad">
                    <span aria-hidden="true">✕ </span>
                    <Trans>Stopped, too</Trans>
                  </strong>
                ),
              ],
            }))}
          />
          <More query={query} />
        </>
      )}
    </section>
  );
}
