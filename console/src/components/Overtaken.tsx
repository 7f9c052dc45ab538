import { Trans } from '@lingui/react/macro';
import { Failed } from './Failed';
import { isConflict, isLost } from './overtaken';

interface OvertakenProps {
  readonly error: unknown;
  /** Whether what it was about stands otherwise by now. */
  readonly hasMoved?: boolean;
}

/** An act that came too late, or of which nobody knows: said on its page, which has been looked at anew. */
export function Overtaken({ error, hasMoved = false }: OvertakenProps) {
  if (isLost(error) && hasMoved)
    return (
      <p className="note" role="alert">
        <Trans>The answer did not arrive. This page shows how it is now.</Trans>
      </p>
    );
  return (
    <>
      <Failed error={error} />
      {isConflict(error) && (
        <p>
          <Trans>Somebody else was quicker, or it went on by itself.</Trans>{' '}
          {hasMoved && <Trans>This page shows how it is now.</Trans>}
        </p>
      )}
      {isLost(error) && (
        <p>
          <Trans>It is not known whether it was done. Look how it stands now before you do it again.</Trans>
        </p>
      )}
    </>
  );
}
