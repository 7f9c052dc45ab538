import { Trans } from '@lingui/react/macro';
import type { CredentialOut } from '@/api';
import { useWords } from '@/components/words';
import type { Change } from './changes';
import { useTerms } from './terms';

/** What differs from what was seen before, a line each. */
export function ChangeList({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0)
    return (
      <p>
        <Trans>Nothing that you can see here has changed.</Trans>
      </p>
    );
  return (
    <>
      <p>
        <Trans>This has changed:</Trans>
      </p>
      <ul>
        {changes.map((change) => (
          <li key={`${change.what} ${change.kind} ${'block' in change ? change.block.since : ''}`}>
            <ChangeInWords change={change} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ChangeInWords({ change }: { readonly change: Change }) {
  const words = useWords();
  const terms = useTerms();
  const kind = words.kind(change.kind);
  switch (change.what) {
    case 'gone': {
      const { typed } = change;
      return (
        <Trans>
          {kind}: {typed} is no longer this person's.
        </Trans>
      );
    }
    case 'new': {
      const { typed } = change;
      return (
        <Trans>
          {kind}: {typed} was added.
        </Trans>
      );
    }
    case 'replaced': {
      const { from, to } = change;
      return (
        <Trans>
          {kind}: it was {from}, and is {to} now.
        </Trans>
      );
    }
    case 'status':
      return (
        <Trans>
          {kind}: before, <Standing credential={change.from} />; now, <Standing credential={change.to} />.
        </Trans>
      );
    case 'closed': {
      const { reason } = change.block;
      return (
        <Trans>
          {kind}: closed. {reason}
        </Trans>
      );
    }
    case 'opened': {
      const { lifted_by: by } = change.block;
      const how = by && terms.lift(by);
      return how ? (
        <Trans>
          {kind}: opened ({how}).
        </Trans>
      ) : (
        <Trans>{kind}: opened.</Trans>
      );
    }
  }
}

/** In words that fit into a sentence. */
function Standing({ credential: { status, open } }: { readonly credential: CredentialOut }) {
  const words = useWords();
  if (status === 'good') return <Trans>good</Trans>;
  const channels = words.list(open.map(words.channel));
  return open.length === 0 ? <Trans>bad, nothing open</Trans> : <Trans>bad, open for {channels}</Trans>;
}
