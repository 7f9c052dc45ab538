import { Trans, useLingui } from '@lingui/react/macro';
import type { IncidentShownOut, ReleasesOut } from '@/api';
import { providerName } from '@/components/providers';
import { Table } from '@/components/Table';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';

/** The providers' own lists: how many are still to be taken off, what came of the others, and when all is done. */
export function Releases({ shown: { releases, run } }: { readonly shown: IncidentShownOut }) {
  const { t } = useLingui();
  const words = useWords();
  if (releases.length === 0) return null;
  return (
    <>
      <h2>
        <Trans>The providers' own lists</Trans>
      </h2>
      <p>
        {run ? (
          <Trans>Mail reaches people as they are taken off these lists, too.</Trans>
        ) : (
          <Trans>So many a run would ask the providers to take off their own lists, too.</Trans>
        )}
      </p>
      <Table
        caption={t`The providers' own lists`}
        captionUnseen
        columns={[
          { name: t`Provider` },
          { name: t`Still to come`, number: true },
          { name: t`Taken off`, number: true },
          { name: t`What else became of them` },
          { name: t`All done, about` },
        ]}
        rows={releases.map((account) => ({
          key: `${account.provider}/${account.account}`,
          cells: [
            account.account === 'default'
              ? providerName(account.provider)
              : `${providerName(account.provider)} (${account.account})`,
            words.number(account.to_come),
            words.number(account.released),
            <Rest key="rest" account={account} />,
            <Ends key="ends" account={account} />,
          ],
        }))}
      />
    </>
  );
}

function Rest({ account }: { readonly account: ReleasesOut }) {
  const { t } = useLingui();
  const words = useWords();
  const [refused, unknown] = [words.number(account.refused), words.number(account.unknown)];
  const [givenUp, leftAlone] = [words.number(account.given_up), words.number(account.left_alone)];
  return [
    account.refused > 0 && t`${refused} stay on it: the person's page says why`,
    account.unknown > 0 && t`of ${unknown} nobody can tell`,
    account.given_up > 0 && t`${givenUp} given up`,
    account.left_alone > 0 && t`${leftAlone} left alone: closed again, or reset by somebody since`,
  ]
    .filter((part) => part !== false)
    .join('; ');
}

function Ends({ account }: { readonly account: ReleasesOut }) {
  if (account.to_come === 0) return null;
  if (account.ends_at === null) return <Trans>Nobody can tell</Trans>;
  return <Time at={account.ends_at} exact />;
}
