import { useRef } from 'react';
import { useLocation } from 'wouter';
import type { IncidentIn } from '@/api';
import { useSaveIncident } from './queries';

/** Have it counted, once, and open its page. */
export function useCount() {
  const [, open] = useLocation();
  const saving = useSaveIncident();
  const underWay = useRef(false); // a second press may come before the page has shown the first
  const count = (wish: IncidentIn) => {
    if (underWay.current) return;
    underWay.current = true;
    saving.mutate(wish, {
      onSuccess: ({ id }) => {
        open(`/incidents/${id}`);
      },
      onSettled: () => {
        underWay.current = false;
      },
    });
  };
  return { count, isCounting: saving.isPending, error: saving.error };
}
