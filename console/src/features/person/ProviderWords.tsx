import { Trans } from '@lingui/react/macro';
import { providerName } from '@/components/providers';

interface ProviderWordsProps {
  readonly provider: string;
  readonly words: string | null;
}

/** What the provider said, word for word: for whoever must ask it, folded away from everybody else. */
export function ProviderWords({ provider, words }: ProviderWordsProps) {
  if (words === null) return null;
  const name = providerName(provider);
  return (
    <details>
      <summary>
        <Trans>The words of {name}</Trans>
      </summary>
      <blockquote lang="en" translate="no">
        {words}
      </blockquote>
    </details>
  );
}
