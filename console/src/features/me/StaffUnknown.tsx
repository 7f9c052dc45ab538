import { Trans } from '@lingui/react/macro';

/** For who signs in as staff, and is no one member of it in the district's records: what to do. */
export function StaffUnknown() {
  return (
    <div className="note">
      <p>
        <strong>
          <Trans>You sign in as staff, but we do not know which member of staff you are.</Trans>
        </strong>
      </p>
      <p>
        <Trans>
          In the district’s records nobody of the staff has your email or phone, or several have. Until that
          is mended you see nobody here. Ask whoever looks after Reachable in your district.
        </Trans>
      </p>
    </div>
  );
}
