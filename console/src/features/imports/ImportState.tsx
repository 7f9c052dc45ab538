import { Trans } from '@lingui/react/macro';
import type { ImportOut } from '@/api';
import { useImportWords } from './wording';

interface ImportStateProps {
  readonly shown: ImportOut;
  /** When the API told it. */
  readonly at: number;
}

/** How far an import is, in words; the sign and the colour only repeat them. */
export function ImportState({ shown, at }: ImportStateProps) {
  const words = useImportWords();
  const isBad = shown.state === 'failed' || shown.state === 'refused' || shown.refused;
  const isGood = shown.state === 'done' || (shown.state === 'checked' && !shown.refused);
  return (
    <span className={isBad ? 'status bad' : isGood ? 'status good' : 'status'}>
      {isBad && <span aria-hidden="true">✕ </span>}
      {isGood && <span aria-hidden="true">✓ </span>}
      {words.state(shown, at)}
      {shown.dry_run && shown.state !== 'checked' && (
        <>
          {' '}
          <Trans>(a check only)</Trans>
        </>
      )}
    </span>
  );
}
