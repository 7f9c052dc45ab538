/** What is asked of the providers' accounts. */
import { queryOptions } from '@tanstack/react-query';
import { showProviders } from '@/api';

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => (await showProviders({ signal, throwOnError: true })).data.items,
});
