import { Trans } from '@lingui/react/macro';
import type { BlockOut, CredentialOut } from '@/api';
import { providerName } from '@/components/providers';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';
import { inForce, lifted } from './blocks';
import { ProviderWords } from './ProviderWords';
import { useTerms } from './terms';
import { Who } from './Who';

/** What closes a credential now, and, folded, what did before. */
export function Blocks({ credential }: { readonly credential: CredentialOut }) {
  const now = inForce(credential);
  const before = lifted(credential);
  const { length: nowCount } = now;
  const { length: beforeCount } = before;
  return (
    <>
      {now.length > 0 && (
        <details>
          <summary>
            <Trans>What closes it ({nowCount})</Trans>
          </summary>
          <List blocks={now} />
        </details>
      )}
      {before.length > 0 && (
        <details>
          <summary>
            <Trans>What closed it before, and was lifted ({beforeCount})</Trans>
          </summary>
          <List blocks={before} />
        </details>
      )}
    </>
  );
}

function List({ blocks }: { readonly blocks: readonly BlockOut[] }) {
  return (
    <ul className="plain">
      {blocks.map((block) => (
        <li key={`${block.ground} ${block.channels.join()} ${block.since}`}>
          <Block block={block} />
        </li>
      ))}
    </ul>
  );
}

function Block({ block }: { readonly block: BlockOut }) {
  const words = useWords();
  const terms = useTerms();
  return (
    <>
      <p>
        <strong>{terms.ground(block.ground)}.</strong> {block.reason}
      </p>
      <dl className="facts">
        <dt>
          <Trans>Closes</Trans>
        </dt>
        <dd>{words.list(block.channels.map(words.channel))}</dd>
        <dt>
          <Trans>Since</Trans>
        </dt>
        <dd>
          <Time at={block.since} exact />
        </dd>
        {block.permanence && (
          <>
            <dt>
              <Trans>How long</Trans>
            </dt>
            <dd>{terms.permanence(block.permanence)}</dd>
          </>
        )}
        <dt>{block.by === null ? <Trans>Told by</Trans> : <Trans>Marked by</Trans>}</dt>
        <dd>
          {block.by === null ? providerName(block.provider) : <Who by={block.by} name={block.by_name} />}
        </dd>
        {block.note && (
          <>
            <dt>
              <Trans>Note</Trans>
            </dt>
            <dd>{block.note}</dd>
          </>
        )}
        {block.until && (
          <>
            <dt>
              <Trans>Lifted</Trans>
            </dt>
            <dd>
              <Time at={block.until} exact />
              {block.lifted_by && <>: {terms.lift(block.lifted_by)}</>}
            </dd>
          </>
        )}
      </dl>
      <ProviderWords provider={block.provider} words={block.provider_words} />
    </>
  );
}
