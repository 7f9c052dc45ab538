import { Trans } from '@lingui/react/macro';
import type { UserOut } from '@/api';
import { Reachable } from '@/components/Status';
import { useWords } from '@/components/words';
import { ways } from './blocks';

/** Who it is, and whether they can be reached: the first thing that one reads. */
export function AtAGlance({ user }: { readonly user: UserOut }) {
  const words = useWords();
  const open = ways(user);
  return (
    <div className="glance">
      <p className="quiet">{words.role(user.role)}</p>
      <p>
        {open.length > 0 && <Trans>Can be reached by:</Trans>} <Reachable channels={open} />
      </p>
    </div>
  );
}
