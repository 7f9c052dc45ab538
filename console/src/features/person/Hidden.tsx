import { Trans } from '@lingui/react/macro';
import { useTerms } from './terms';

/** What the viewer's role does not show, so that nobody takes it for not being there. */
export function Hidden({ hidden }: { readonly hidden: readonly string[] }) {
  const terms = useTerms();
  if (hidden.length === 0) return null;
  return (
    <section>
      <h2>
        <Trans>What is not shown</Trans>
      </h2>
      <ul>
        {hidden.map((name) => (
          <li key={name}>{terms.hidden(name)}</li>
        ))}
      </ul>
    </section>
  );
}
