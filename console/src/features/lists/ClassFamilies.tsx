import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Reachable } from '@/components/Status';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { itemsOf, usersQuery } from './queries';

/** The guardians of a class's students, and by what each is reached; who by nothing comes first. */
export function ClassFamilies({ id }: { readonly id: string }) {
  const { t } = useLingui();
  const words = useWords();
  const list = useInfiniteQuery(usersQuery({ class: id, role: 'guardian' }));
  const guardians = itemsOf(list.data);
  const unreached = guardians.filter(({ reachable }) => reachable.length === 0);
  const inOrder = [...unreached, ...guardians.filter(({ reachable }) => reachable.length > 0)];
  const columns = [t`Name`, t`Reached by`, t`Account`];
  return (
    <section>
      <h2>
        <Trans>Guardians</Trans>
      </h2>
      {list.isError && list.data === undefined ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading />
      ) : guardians.length === 0 ? (
        <p>
          <Trans>No guardian of this class is known, or none that you may see.</Trans>
        </p>
      ) : (
        <>
          <p>
            {list.hasNextPage ? (
              <Trans>Not all of them are shown yet.</Trans>
            ) : unreached.length === 0 ? (
              <Trans>Each of them can be reached by something.</Trans>
            ) : (
              <strong>
                <Plural
                  value={unreached.length}
                  one="# of them can be reached by nothing."
                  other="# of them can be reached by nothing."
                />
              </strong>
            )}
          </p>
          <Table
            caption={t`Guardians`}
            captionUnseen
            columns={columns.map((name) => ({ name }))}
            rows={inOrder.map((guardian) => ({
              key: guardian.id,
              cells: [
                <Link key="name" to={`/users/${encodeURIComponent(guardian.id)}`}>
                  {guardian.name}
                </Link>,
                <Reachable key="reachable" channels={guardian.reachable} />,
                words.accountStatus(guardian.account_status ?? ''),
              ],
            }))}
          />
          <More query={list} />
        </>
      )}
    </section>
  );
}
