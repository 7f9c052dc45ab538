import { useLingui } from '@lingui/react/macro';
import type { By, CountsOut } from '@/api';
import { useLocale } from '@/components/locale';
import { providerName } from '@/components/providers';
import { useWords } from '@/components/words';
import { mondayOf } from './weeks';

/** What a row is about, as people call it; and the heading of the column in which it stands. */
export function useRowWords() {
  const { t } = useLingui();
  const locale = useLocale();
  const words = useWords();
  const days = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });

  function name(by: By, row: CountsOut): string {
    switch (by) {
      case 'school':
        return row.school?.name ?? t`At no school that is known`;
      case 'domain':
        if (row.domain === 'sms') return t`Text messages`;
        if (row.domain === 'voice') return t`Phone calls`;
        return row.domain ?? t`All other domains`;
      case 'provider': {
        if (!row.provider) return t`Others`;
        const provider = providerName(row.provider);
        return row.account ? `${provider} (${row.account})` : provider;
      }
      case 'cause':
        return row.cause ? words.cause(row.cause) : t`Others`;
      case 'week':
        return row.week ? days({ dateStyle: 'long' }).format(mondayOf(row.week)) : t`Others`;
    }
  }

  const headings: Readonly<Record<By, string>> = {
    week: t`Week from`,
    school: t`School`,
    domain: t`Email domain`,
    provider: t`Provider`,
    cause: t`Cause`,
  };
  return {
    name,
    heading: (by: By) => headings[by],
    /** A day as a label has room for it. */
    shortDay: (week: string) => days({ day: 'numeric', month: 'short' }).format(mondayOf(week)),
    days: (from: string, to: string) => days({ dateStyle: 'long' }).formatRange(new Date(from), new Date(to)),
  };
}
