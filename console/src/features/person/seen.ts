/** What a dialog was opened upon, and what turned out to have changed since, so that an act can be decided anew. */
import { useState } from 'react';
import type { UserOut } from '@/api';
import { isLost } from '@/components/overtaken';
import { changes, type Change } from './changes';
import { isOvertaken } from './outcome';
import { useLook } from './queries';

export interface News {
  /** `overtaken`: nothing was done, since something had changed; `unknown`: no answer came. */
  readonly why: 'overtaken' | 'unknown';
  /** Null where it could not be looked at. */
  readonly changes: readonly Change[] | null;
}

/** The person as last seen in this dialog; `failed` looks anew where an act's failure asks for it. */
export function useSeen(user: UserOut) {
  const [seen, setSeen] = useState(user);
  const [news, setNews] = useState<News | null>(null);
  const [isLooking, setLooking] = useState(false);
  const look = useLook(user.id);

  const lookAnew = async (why: News['why']) => {
    setLooking(true);
    try {
      const now = await look();
      setNews({ why, changes: changes(seen, now) });
      setSeen(now);
    } catch {
      setNews({ why, changes: null });
    } finally {
      setLooking(false);
    }
  };
  const failed = (error: Error) => {
    if (isOvertaken(error)) void lookAnew('overtaken');
    else if (isLost(error)) void lookAnew('unknown');
    else setNews(null);
  };
  return { seen, news, isLooking, failed, lookAnew };
}
