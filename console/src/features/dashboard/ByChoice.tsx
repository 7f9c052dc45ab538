import { useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { By } from '@/api';
import { addressOf, EVERY_BY, type Choice } from './choice';

/** By what the figures are told apart. */
export function ByChoice({ choice }: { readonly choice: Choice }) {
  const { t } = useLingui();
  const names: Readonly<Record<By, string>> = {
    week: t`By week`,
    school: t`By school`,
    domain: t`By email domain`,
    provider: t`By provider`,
    cause: t`By cause`,
  };
  return (
    <nav aria-label={t`By what`} className="no-print">
      <ul className="choices">
        {EVERY_BY.map((by) => (
          <li key={by}>
            <Link to={addressOf({ ...choice, by })} aria-current={by === choice.by ? 'page' : undefined}>
              {names[by]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
