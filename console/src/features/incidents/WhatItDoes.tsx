import { Trans } from '@lingui/react/macro';

/** What an incident's run does and does not do, before anybody begins one. */
export function WhatItDoes() {
  return (
    <ul>
      <li>
        <Trans>
          First it is only counted: you see how many it would mark good again, and whom it leaves alone.
        </Trans>
      </li>
      <li>
        <Trans>
          A run marks them good again, up to the newest bounce of the incident. What bounces later closes.
        </Trans>
      </li>
      <li>
        <Trans>It sends nothing and deletes nothing. Everything stays in each person's history.</Trans>
      </li>
      <li>
        <Trans>
          It leaves alone whoever is closed for another reason, too. A complaint, an unsubscribe and a STOP
          are the person's own: no run lifts them.
        </Trans>
      </li>
      <li>
        <Trans>For 90 days it can be undone.</Trans>
      </li>
    </ul>
  );
}
