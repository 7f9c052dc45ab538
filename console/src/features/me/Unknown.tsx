import { Trans } from '@lingui/react/macro';

/** For who has signed in with an address that is nobody's in the district's records: what to do. */
export function Unknown() {
  return (
    <div className="note">
      <p>
        <strong>
          <Trans>We do not know the email or phone that you signed in with.</Trans>
        </strong>
      </p>
      <ul>
        <li>
          <Trans>
            Do you have another email or phone, one that the school writes to? Sign out, then sign in with it.
          </Trans>
        </li>
        <li>
          <Trans>
            If not, ask the school’s office to put your email or phone into their records. Come back the day
            after.
          </Trans>
        </li>
      </ul>
    </div>
  );
}
