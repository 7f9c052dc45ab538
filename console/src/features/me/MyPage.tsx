import { Trans, useLingui } from '@lingui/react/macro';
import { useMe } from '@/api';
import { Page } from '@/components/Page';
import { Account } from './Account';
import { StaffUnknown } from './StaffUnknown';
import { Unknown } from './Unknown';

/** One's own page: under which addresses the school writes, whether that works, and what one can do. */
export function MyPage() {
  const { t } = useLingui();
  const { accounts, roles, viewer } = useMe();
  const isStaffUnknown = roles.length > 0 && viewer === null;
  return (
    <Page title={t`My page`} heading={<Trans>My email and phone</Trans>}>
      {isStaffUnknown && <StaffUnknown />}
      {accounts.length === 0 ? (
        !isStaffUnknown && <Unknown />
      ) : (
        <>
          <p>
            <Trans>The school writes and calls to these.</Trans>
          </p>
          {accounts.length > 1 && (
            <p>
              <Trans>
                Several accounts have the email or phone that you signed in with. Of each only that one is
                shown.
              </Trans>
            </p>
          )}
          {accounts.map((account) => (
            <Account key={account.id} account={account} />
          ))}
          <h2>
            <Trans>Is something wrong?</Trans>
          </h2>
          <p>
            <Trans>
              If an email or a phone number is wrong or old, tell the school’s office. They change it in their
              records.
            </Trans>
          </p>
        </>
      )}
    </Page>
  );
}
