import { useLocation } from 'wouter';
import type { IncidentIn } from '@/api';
import { useUnlessUnderWay } from '@/components/once';
import { useSaveIncident } from './queries';

/** Have it counted, once, and open its page. */
export function useCount() {
  const [, open] = useLocation();
  const saving = useSaveIncident();
  const unlessUnderWay = useUnlessUnderWay();
  const count = (wish: IncidentIn) => {
    unlessUnderWay((ended) => {
      saving.mutate(wish, {
        onSuccess: ({ id }) => {
          open(`/incidents/${id}`);
        },
        onSettled: ended,
      });
    });
  };
  return { count, isCounting: saving.isPending, error: saving.error };
}
