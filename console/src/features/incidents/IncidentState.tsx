import type { IncidentOut } from '@/api';
import { useIncidentWords } from './wording';

/** How far it is, in words; the sign and the colour only repeat them. */
export function IncidentState({ shown: { state } }: { readonly shown: Pick<IncidentOut, 'state'> }) {
  const words = useIncidentWords();
  const isBad = state === 'failed' || state === 'refused';
  const isGood = state === 'done';
  return (
    <span className={isBad ? 'status bad' : isGood ? 'status good' : 'status'}>
      {isBad && <span aria-hidden="true">✕ </span>}
      {isGood && <span aria-hidden="true">✓ </span>}
      {words.state(state)}
    </span>
  );
}
