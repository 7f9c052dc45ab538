import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { clock } from '@/api';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { Account } from './Account';
import { isInUse, troubles, worstFirst } from './health';
import { NotInUse } from './NotInUse';
import { providersQuery } from './queries';

/** Whether every provider is heard, and takes addresses off its own list after a reset. */
export function ProvidersPage() {
  const { t } = useLingui();
  const query = useQuery(providersQuery);
  const [now] = useState(() => new Date(clock.now()));
  const accounts = query.data && worstFirst(query.data.filter(isInUse), now);
  const unused = query.data?.filter((account) => !isInUse(account)) ?? [];
  const ill = accounts?.filter((account) => troubles(account, now).length > 0).length ?? 0;
  return (
    <Page title={t`Providers`}>
      <p>
        <Trans>
          Providers carry the schools’ messages and tell Reachable what became of them. Each keeps a list of
          its own of addresses that it refuses; after a reset Reachable asks it to take the address off.
        </Trans>
      </p>
      {query.isPending && <Loading />}
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {accounts?.length === 0 && (
        <p>
          <Trans>
            No provider has been heard yet. If messages go out already, tell whoever looks after Reachable in
            your district.
          </Trans>
        </p>
      )}
      {accounts !== undefined && accounts.length > 0 && (
        <>
          <p role="status">
            {ill === 0 ? (
              <strong className="status good">
                <span aria-hidden="true">✓ </span>
                <Plural
                  value={accounts.length}
                  one="# account, and it is well."
                  other="# accounts, and all are well."
                />
              </strong>
            ) : (
              <strong className="status bad">
                <span aria-hidden="true">✕ </span>
                <Plural
                  value={ill}
                  one="# account needs somebody to look."
                  other="# accounts need somebody to look."
                />
              </strong>
            )}
          </p>
          {accounts.map((account) => (
            <Account key={`${account.provider}/${account.account}`} account={account} now={now} />
          ))}
          <p className="quiet">
            <Trans>Times are true to a minute.</Trans>
          </p>
        </>
      )}
      {unused.length > 0 && <NotInUse accounts={unused} />}
    </Page>
  );
}
