import { Trans } from '@lingui/react/macro';
import type { ProviderOut } from '@/api';
import { Time } from '@/components/Time';
import type { Trouble } from './health';

interface WhatToDoProps {
  readonly trouble: Trouble;
  readonly account: ProviderOut;
}

/** What is wrong, and what somebody does about it. */
export function WhatToDo({ trouble, account }: WhatToDoProps) {
  return (
    <>
      <strong className="bad">
        <span aria-hidden="true">✕ </span>
        <Wrong trouble={trouble} />
      </strong>{' '}
      <Do trouble={trouble} pausedUntil={account.releases.paused_until} />
    </>
  );
}

function Wrong({ trouble }: { readonly trouble: Trouble }) {
  switch (trouble) {
    case 'no_webhook':
      return <Trans>Nothing that it tells is believed: the secret of its webhook is not set.</Trans>;
    case 'denied':
      return <Trans>It does not accept Reachable’s key.</Trans>;
    case 'silent':
      return <Trans>Nothing was heard of it for more than a week.</Trans>;
    case 'no_key':
      return <Trans>Nobody can take addresses off its list: no key is set.</Trans>;
    case 'paused':
      return <Trans>It did not answer, and is left alone for a while.</Trans>;
    case 'unknown':
      return <Trans>Of the last address nobody could tell whether it is off its list.</Trans>;
  }
}

function Do({ trouble, pausedUntil }: { readonly trouble: Trouble; readonly pausedUntil: string | null }) {
  switch (trouble) {
    case 'no_webhook':
    case 'denied':
    case 'no_key':
      return <Trans>Tell whoever looks after Reachable in your district: they set it.</Trans>;
    case 'silent':
      return (
        <Trans>
          If messages went out by it meanwhile, what bounced is not known. Tell whoever looks after Reachable
          in your district.
        </Trans>
      );
    case 'paused':
      return pausedUntil === null ? null : (
        <Trans>
          It is asked again by itself, not before <Time at={pausedUntil} exact />.
        </Trans>
      );
    case 'unknown':
      return <Trans>The next message to that address shows it. Below is why.</Trans>;
  }
}
