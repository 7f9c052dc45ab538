import { Trans } from '@lingui/react/macro';
import type { ProviderOut } from '@/api';

/** Accounts that are set up and were never heard nor asked: nothing is wrong, unless messages go out by one. */
export function NotInUse({ accounts }: { readonly accounts: readonly ProviderOut[] }) {
  return (
    <section aria-labelledby="not-in-use">
      <h2 id="not-in-use">
        <Trans>Never heard yet</Trans>
      </h2>
      <p>
        <Trans>
          These are set up and have told nothing yet. That is right as long as no messages go out by them; if
          some do, tell whoever looks after Reachable in your district.
        </Trans>
      </p>
      <ul className="names">
        {accounts.map(({ provider, account, name }) => (
          <li key={`${provider}/${account}`}>
            {name}
            {account !== 'default' && ` (${account})`}
          </li>
        ))}
      </ul>
    </section>
  );
}
