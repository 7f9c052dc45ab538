import { useLingui } from '@lingui/react/macro';
import type { CountsOut } from '@/api';
import { useWords } from '@/components/words';
import { judge, shareOf, type Measure } from './judge';

/** A share with what it means, so that nothing hangs on a colour. */
export function useVerdictWords() {
  const { t } = useLingui();
  const words = useWords();
  return (row: CountsOut, measure: Measure): string => {
    const value = shareOf(row, measure);
    const share = value === null ? '' : words.percent(value);
    switch (judge(row, measure)) {
      case 'few':
        return row.sent === 0 ? t`No messages` : t`Too few to judge`;
      case 'unseen':
        return t`Not shown to you`;
      case 'above':
        return t`${share}: limit reached`;
      case 'below':
        return share;
    }
  };
}
