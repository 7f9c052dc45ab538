import { Trans } from '@lingui/react/macro';
import type { UpstreamOut } from '@/api';
import { providerName } from '@/components/providers';
import { Time } from '@/components/Time';
import { useTerms } from './terms';

/** How a credential stands on the own lists of the services that send for us. */
export function ProviderLists({ upstream }: { readonly upstream: readonly UpstreamOut[] }) {
  if (upstream.length === 0) return null;
  return (
    <ul className="plain-list">
      {upstream.map((listed) => (
        <li key={`${listed.provider} ${listed.account}`}>
          <ProviderList listed={listed} />
        </li>
      ))}
    </ul>
  );
}

function ProviderList({ listed }: { readonly listed: UpstreamOut }) {
  const { upstreamState } = useTerms();
  const { provider, account, state, at, retry_after: again, advice } = listed;
  return (
    <>
      <strong>
        {providerName(provider)}
        {account !== 'default' && ` (${account})`}
      </strong>
      : {upstreamState(state)},{' '}
      <Trans>
        since <Time at={at} exact />
      </Trans>
      .{advice && <> {advice}</>}
      {again && (
        <>
          {' '}
          <Trans>
            Tried again at <Time at={again} exact />.
          </Trans>
        </>
      )}
    </>
  );
}
