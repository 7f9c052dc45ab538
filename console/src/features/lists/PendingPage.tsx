import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { useMay } from '@/api';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Page } from '@/components/Page';
import { Reachable } from '@/components/Status';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { Announced } from './Announced';
import { changed, filtersOf } from './filters';
import { itemsOf, usersQuery } from './queries';
import { Remind } from './Remind';
import { SchoolChoice } from './SchoolChoice';

/** Who has not accepted the invitation yet, and a button to send it again. */
export function PendingPage() {
  const { t } = useLingui();
  const words = useWords();
  const mayRemind = useMay('remind');
  const [query, setQuery] = useSearchParams();
  const { school } = filtersOf(query);
  const list = useInfiniteQuery(usersQuery({ account_status: 'pending', ...(school ? { school } : {}) }));
  const users = itemsOf(list.data);
  const columns = [t`Name`, t`Role`, t`Reached by`, ...(mayRemind ? [t`Reminder`] : [])];
  return (
    <Page title={t`Pending accounts`}>
      <p>
        <Trans>They are invited, and have not accepted yet. Messages reach them all the same.</Trans>
      </p>
      <div className="filters">
        <SchoolChoice
          value={school}
          choose={(id) => {
            setQuery((before) => changed(before, 'school', id), { replace: true });
          }}
        />
      </div>
      {list.isError && list.data === undefined ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading />
      ) : (
        <div aria-busy={list.isPlaceholderData}>
          <Announced settled={!list.isFetching}>
            {users.length === 0 ? (
              <Trans>No account is pending.</Trans>
            ) : list.hasNextPage ? (
              <Plural value={users.length} one="# pending account" other="The first # pending accounts" />
            ) : (
              <Plural value={users.length} one="# pending account" other="# pending accounts" />
            )}
          </Announced>
          {users.length > 0 && (
            <Table
              caption={t`Pending accounts`}
              captionUnseen
              columns={columns.map((name) => ({ name }))}
              rows={users.map((user) => ({
                key: user.id,
                cells: [
                  <Link key="name" to={`/users/${encodeURIComponent(user.id)}`}>
                    {user.name}
                  </Link>,
                  words.role(user.role ?? ''),
                  <Reachable key="reachable" channels={user.reachable} />,
                  ...(mayRemind ? [<Remind key="remind" user={user} />] : []),
                ],
              }))}
            />
          )}
          <More query={list} />
        </div>
      )}
    </Page>
  );
}
