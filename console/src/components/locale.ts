/** How numbers, dates and lists are written: in each language as in the United States, where the schools are. */
import { useLingui } from '@lingui/react';

export function useLocale(): string {
  return `${useLingui().i18n.locale}-US`;
}
