import { useMutation, useQueryClient } from '@tanstack/react-query';
import { acceptAnInvitation, meQuery } from '@/api';

/** Accept one's own invitation; the answer is the whole page anew. */
export function useAccept(userId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      (await acceptAnInvitation({ body: { user_id: userId }, throwOnError: true })).data,
    onSuccess: (me) => {
      queries.setQueryData(meQuery.queryKey, me);
    },
  });
}
