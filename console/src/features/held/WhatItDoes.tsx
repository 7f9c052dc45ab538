import { Plural, Trans } from '@lingui/react/macro';
import type { Kind } from './groups';
import type { Act } from './queries';

interface WhatItDoesProps {
  readonly act: Act;
  readonly kind: Kind;
  readonly held: boolean;
  /** How many messages wait; null where nobody knows. */
  readonly waits: number | null;
  readonly emergenciesPass: boolean;
}

/** How many messages a decision concerns, and what it does to them. */
export function WhatItDoes({ act, kind, held, waits, emergenciesPass }: WhatItDoesProps) {
  switch (act) {
    case 'hold':
      return held ? null : (
        <>
          <Concerned waits={waits} />
          <p>
            <Trans>
              Messages wait here until somebody decides, for 30 days at most. What the provider has already
              cannot be called back.
            </Trans>
          </p>
          {kind !== 'all' && (
            <p>
              <Trans>Sign-in codes and emergencies go out all the same.</Trans>
            </p>
          )}
        </>
      );
    case 'resume':
      return (
        <>
          <Concerned waits={waits} />
          <p>
            <Trans>
              They go out now. Each is checked once more, so whose address went bad meanwhile gets nothing.
              What has become too old is given up.
            </Trans>
          </p>
          <p>
            {kind === 'batch' ? (
              <Trans>A batch that was let go on is not held by itself again, however much bounces.</Trans>
            ) : (
              kind !== 'all' && <Trans>For a day it is not held by itself again, however much bounces.</Trans>
            )}
          </p>
        </>
      );
    case 'drop':
      return (
        <>
          <Concerned waits={waits} />
          <p>
            <strong>
              <Trans>They will never be sent. This cannot be undone.</Trans>
            </strong>
          </p>
          <p>
            {kind === 'batch' ? (
              <Trans>What is queued later under the same id is not sent either.</Trans>
            ) : (
              <Trans>What is queued from now on goes out again.</Trans>
            )}{' '}
            {emergenciesPass ? (
              <Trans>Sign-in codes and emergencies go out all the same.</Trans>
            ) : (
              <Trans>Sign-in codes and emergencies that were stopped are given up, too.</Trans>
            )}
          </p>
        </>
      );
    case 'cancel':
      return (
        <>
          <Concerned waits={waits} />
          <p>
            <strong>
              <Trans>
                Nothing more of this batch will ever be sent, emergencies included. This cannot be undone.
              </Trans>
            </strong>
          </p>
        </>
      );
  }
}

function Concerned({ waits }: { readonly waits: number | null }) {
  return (
    <p>
      {waits === null ? (
        <Trans>How many messages wait is known only once they go. It may be very many.</Trans>
      ) : (
        <Plural
          value={waits}
          one="This concerns about # message that has not gone out."
          other="This concerns about # messages that have not gone out."
        />
      )}
    </p>
  );
}
