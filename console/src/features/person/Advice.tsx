import { Trans } from '@lingui/react/macro';
import type { GuidanceOut } from '@/api';
import { meant } from './guidance';

interface AdviceProps {
  /** In the order in which it is shown. */
  readonly advice: readonly GuidanceOut[];
  /** The address or number that it is about, as it was typed. */
  readonly typed?: string;
}

/** What to do, in the API's own words. */
export function Advice({ advice, typed = '' }: AdviceProps) {
  return (
    <ul className="advice">
      {advice.map(({ code, text, did_you_mean: domain }) => {
        const address = meant(typed, domain);
        return (
          <li key={`${code} ${text}`}>
            {text}
            {address && (
              <>
                {' '}
                <Trans>
                  It would be: <strong translate="no">{address}</strong>
                </Trans>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
