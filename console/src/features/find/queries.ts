/** Who and what one box finds: guardians and staff, students, and classes, asked at once. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { searchStudents, searchUsers, type MeOut, type NamedOut, type SummaryOut } from '@/api';
import { isEnough, isLikeAnAddress, named } from './looked-for';

export interface Found {
  /** For what: rows of an older text are shown until the next ones are there, but never opened by Enter. */
  readonly text: string;
  readonly users: readonly SummaryOut[];
  readonly students: readonly SummaryOut[];
  readonly classes: readonly NamedOut[];
  /** There are more than are shown: who looks for somebody types more rather than reads on. */
  readonly more: boolean;
}

const EACH = 20;

export function foundQuery(text: string, me: MeOut) {
  return queryOptions({
    queryKey: ['find', text],
    queryFn: async ({ signal }): Promise<Found> => {
      const body = { q: text, limit: EACH };
      const [users, students] = await Promise.all([
        searchUsers({ body, signal, throwOnError: true }),
        // Students have no addresses: what looks like one would be taken for their names.
        isLikeAnAddress(text) ? null : searchStudents({ body, signal, throwOnError: true }),
      ]);
      return {
        text,
        users: users.data.items,
        students: students?.data.items ?? [],
        classes: named(me.classes, text).slice(0, EACH),
        more: users.data.next_cursor !== null || Boolean(students?.data.next_cursor),
      };
    },
    enabled: isEnough(text),
    placeholderData: keepPreviousData,
  });
}
