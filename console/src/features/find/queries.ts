/** Who and what one box finds: guardians and staff, students, and classes, asked at once. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { searchClasses, searchStudents, searchUsers, type ClassOut, type SummaryOut } from '@/api';
import { isEnough, isLikeAnAddress } from './looked-for';

export interface Found {
  /** For what: rows of an older text are shown until the next ones are there, but never opened by Enter. */
  readonly text: string;
  readonly users: readonly SummaryOut[];
  readonly students: readonly SummaryOut[];
  readonly classes: readonly ClassOut[];
  /** There are more than are shown: who looks for somebody types more rather than reads on. */
  readonly more: boolean;
}

const EACH = 20;

export function foundQuery(text: string) {
  return queryOptions({
    queryKey: ['find', text],
    queryFn: async ({ signal }): Promise<Found> => {
      const asked = { body: { q: text, limit: EACH }, signal, throwOnError: true } as const;
      // Students and classes have no addresses: what looks like one would be taken for their names.
      const byName = !isLikeAnAddress(text);
      const [users, students, classes] = await Promise.all([
        searchUsers(asked),
        byName ? searchStudents(asked) : null,
        byName ? searchClasses(asked) : null,
      ]);
      return {
        text,
        users: users.data.items,
        students: students?.data.items ?? [],
        classes: classes?.data.items ?? [],
        more: [users, students, classes].some((answer) => Boolean(answer?.data.next_cursor)),
      };
    },
    enabled: isEnough(text),
    placeholderData: keepPreviousData,
  });
}
