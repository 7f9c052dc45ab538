import { useLocation } from 'wouter';
import type { IncidentIn } from '@/api';
import { useSaveIncident } from './queries';

/** Have it counted, once, and open its page. */
export function useCount() {
  const [, open] = useLocation();
  const saving = useSaveIncident();
  const count = (wish: IncidentIn) => {
    if (saving.isPending) return;
    saving.mutate(wish, {
      onSuccess: ({ id }) => {
        open(`/incidents/${id}`);
      },
    });
  };
  return { count, isCounting: saving.isPending, error: saving.error };
}
