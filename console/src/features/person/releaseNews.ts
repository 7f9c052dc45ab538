/** What comes of a release while one looks at the page. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { UserOut } from '@/api';
import { announce } from '@/components/Announcements';
import { providerName } from '@/components/providers';
import { askHistoryAnew } from './queries';
import { ended } from './releases';
import { useTerms } from './terms';

/** Say it to a screen reader, and ask the history anew, which has a line of it. */
export function useReleaseNews(user: UserOut): void {
  const queries = useQueryClient();
  const { upstreamState } = useTerms();
  const before = useRef(user);
  useEffect(() => {
    const told = ended(before.current, user);
    before.current = user;
    if (told.length === 0) return;
    announce(
      told.map(({ provider, state }) => `${providerName(provider)}: ${upstreamState(state)}.`).join(' '),
    );
    void askHistoryAnew(queries, user.id);
  });
}
