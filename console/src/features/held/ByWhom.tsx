import { Trans } from '@lingui/react/macro';
import { By } from '@/components/By';

/** Who has decided: nobody where it came by itself; else a sending system, or a person. */
export function ByWhom({ by }: { readonly by: string | null }) {
  if (by === null) return <Trans>By itself, for its bounces</Trans>;
  if (by.startsWith('client:')) return <Trans>A sending system</Trans>;
  return <By id={by} />;
}
