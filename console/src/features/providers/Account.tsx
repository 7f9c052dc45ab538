import { Plural, Trans } from '@lingui/react/macro';
import type { ProviderOut } from '@/api';
import { Time } from '@/components/Time';
import { Because } from './Because';
import { troubles } from './health';
import { WhatToDo } from './WhatToDo';

interface AccountProps {
  readonly account: ProviderOut;
  readonly now: Date;
}

/** One account: what is wrong with it first, then when it was heard and how its releases go. */
export function Account({ account, now }: AccountProps) {
  const { name, heard_at: heard, bounced_at: bounced, releases } = account;
  const found = troubles(account, now);
  const id = `account-${account.provider}-${account.account}`;
  return (
    <section className={found.length > 0 ? 'card is-bad' : 'card'} aria-labelledby={id}>
      <h2 id={id}>
        {name}
        {account.account !== 'default' && ` (${account.account})`}
      </h2>
      {found.length === 0 ? (
        <p>
          <span className="status good">
            <span aria-hidden="true">✓ </span>
            <Trans>Is well</Trans>
          </span>
        </p>
      ) : (
        <ul className="plain">
          {found.map((trouble) => (
            <li key={trouble}>
              <WhatToDo trouble={trouble} account={account} />
            </li>
          ))}
        </ul>
      )}
      <dl className="facts">
        <dt>
          <Trans>Last heard</Trans>
        </dt>
        <dd>{heard === null ? <Trans>Never</Trans> : <Time at={heard} exact />}</dd>
        <dt>
          <Trans>Last told of a message that did not arrive</Trans>
        </dt>
        <dd>{bounced === null ? <Trans>Never</Trans> : <Time at={bounced} exact />}</dd>
        {account.upstream !== 'none' && (
          <>
            <dt>
              <Trans>Last took an address off its list</Trans>
            </dt>
            <dd>
              {releases.released_at === null ? (
                <Trans>Never</Trans>
              ) : (
                <Time at={releases.released_at} exact />
              )}
            </dd>
          </>
        )}
        {releases.refused_at !== null && (
          <>
            <dt>
              <Trans>Last kept an address on it</Trans>
            </dt>
            <dd>
              <Time at={releases.refused_at} exact />
              <Because why={releases.refused_because} />
            </dd>
          </>
        )}
        {releases.unknown_at !== null && (
          <>
            <dt>
              <Trans>Last could not be asked</Trans>
            </dt>
            <dd>
              <Time at={releases.unknown_at} exact />
              <Because why={releases.unknown_because} />
            </dd>
          </>
        )}
        {account.upstream !== 'none' && (
          <>
            <dt>
              <Trans>Waiting to be asked</Trans>
            </dt>
            <dd>
              <Plural
                value={releases.waiting}
                _0="None"
                one="# address or number"
                other="# addresses or numbers"
              />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
