import { Trans } from '@lingui/react/macro';
import type { AccountOut } from '@/api';
import { useWords } from '@/components/words';
import { Advice } from './Advice';
import { Credential } from './Credential';
import { Invitation } from './Invitation';
import { advice } from './ways';

/** One of the accounts of who is signed in, with its email and its phone. */
export function Account({ account }: { readonly account: AccountOut }) {
  const words = useWords();
  return (
    <section className="card">
      <h2>{account.name}</h2>
      <p>{words.role(account.role)}</p>
      <Invitation account={account} />
      <Advice guidance={advice(account.guidance, null).filter(({ code }) => code !== 'remind')} />
      {account.credentials.length === 0 && (
        <p>
          <Trans>The school has no email and no phone for you. Tell the school’s office.</Trans>
        </p>
      )}
      {account.credentials.map((credential) => (
        <Credential
          key={`${credential.kind} ${credential.value}`}
          credential={credential}
          guidance={advice(account.guidance, credential.kind)}
        />
      ))}
    </section>
  );
}
