/** Schools, classes, their people, and who of them cannot be reached. */
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import {
  listBadCredentials,
  listBadCredentialsOfASchool,
  listClasses,
  listSchools,
  remind,
  searchStudents,
  searchUsers,
  showClass,
  type StudentSearchIn,
  type UserSearchIn,
} from '@/api';
import type { Filters } from './filters';

/** The most that the API gives at once: a class, or a usual school's list, is one page. */
const MOST = 200;
const RARELY_CHANGES_MS = 10 * 60_000;

export const schoolsQuery = queryOptions({
  queryKey: ['schools'],
  queryFn: async ({ signal }) => (await listSchools({ signal, throwOnError: true })).data.items,
  staleTime: RARELY_CHANGES_MS,
});

export function classesQuery(school: string) {
  return queryOptions({
    queryKey: ['schools', school, 'classes'],
    queryFn: async ({ signal }) =>
      (await listClasses({ path: { school_id: school }, signal, throwOnError: true })).data.items,
    enabled: school !== '',
    staleTime: RARELY_CHANGES_MS,
  });
}

export function classQuery(id: string) {
  return queryOptions({
    queryKey: ['classes', id],
    queryFn: async ({ signal }) =>
      (await showClass({ path: { class_id: id }, signal, throwOnError: true })).data,
    staleTime: RARELY_CHANGES_MS,
  });
}

/** How a list of the API is asked for a page at a time. */
const PAGED = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor,
  placeholderData: keepPreviousData,
};

export function unreachableQuery({ school, ...narrowed }: Filters) {
  return infiniteQueryOptions({
    queryKey: ['unreachable', school, narrowed],
    queryFn: async ({ signal, pageParam }) => {
      const asked = { query: { ...narrowed, limit: MOST, cursor: pageParam }, signal };
      const answer = school
        ? await listBadCredentialsOfASchool({ path: { school_id: school }, ...asked, throwOnError: true })
        : await listBadCredentials({ ...asked, throwOnError: true });
      return answer.data;
    },
    ...PAGED,
  });
}

export function usersQuery(wish: Omit<UserSearchIn, 'q' | 'limit' | 'cursor'>) {
  return infiniteQueryOptions({
    queryKey: ['users', 'search', wish],
    queryFn: async ({ signal, pageParam }) => {
      const body = { ...wish, limit: MOST, cursor: pageParam };
      return (await searchUsers({ body, signal, throwOnError: true })).data;
    },
    ...PAGED,
  });
}

export function studentsQuery(wish: Omit<StudentSearchIn, 'q' | 'limit' | 'cursor'>) {
  return infiniteQueryOptions({
    queryKey: ['students', 'search', wish],
    queryFn: async ({ signal, pageParam }) => {
      const body = { ...wish, limit: MOST, cursor: pageParam };
      return (await searchStudents({ body, signal, throwOnError: true })).data;
    },
    ...PAGED,
  });
}

/** All that has been fetched so far of a list that comes a page at a time. */
export function itemsOf<T>(data: { pages: readonly { items: readonly T[] }[] } | undefined): readonly T[] {
  return data?.pages.flatMap(({ items }) => items) ?? [];
}

/** Send the invitation of a pending account again. */
export function useRemind(userId: string) {
  return useMutation({
    mutationFn: async () => (await remind({ path: { user_id: userId }, throwOnError: true })).data,
  });
}
