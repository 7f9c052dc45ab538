/** A person's timeline as far as it is loaded, from the routes that have it. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { CredentialKind, UserOut } from '@/api';
import { eventsQuery, messagesQuery } from './queries';
import { eventItem, messageItem, type Stream } from './timeline';

interface Loading {
  readonly stream: Stream;
  readonly isFetching: boolean;
  readonly error: Error | null;
  /** The next page, or the first one again where it did not come. */
  readonly load: () => void;
}

/** Messages, and what happened to the email and to the phone, each a list by itself; none of what the viewer may not see. */
export function useStreams(user: UserOut): readonly Loading[] {
  const mayRead = user.actions.includes('extended');
  const has = (kind: CredentialKind) =>
    mayRead && user.credentials.some((credential) => credential.kind === kind);
  const messages = useInfiniteQuery(messagesQuery(user.id, mayRead));
  const email = useInfiniteQuery(eventsQuery(user.id, 'email', has('email')));
  const phone = useInfiniteQuery(eventsQuery(user.id, 'phone', has('phone')));
  const events = (['email', 'phone'] as const).flatMap((kind) => {
    const query = kind === 'email' ? email : phone;
    const items =
      query.data?.pages.flatMap((page) => page.items.map((event) => eventItem(kind, event))) ?? [];
    return has(kind) ? [loading(kind, items, query)] : [];
  });
  const sent = messages.data?.pages.flatMap((page) => page.items.map(messageItem)) ?? [];
  return mayRead ? [loading('messages', sent, messages), ...events] : [];
}

interface Query {
  readonly isSuccess: boolean;
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly error: Error | null;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}

function loading(name: string, items: Stream['items'], query: Query): Loading {
  return {
    stream: { name, items, complete: query.isSuccess && !query.hasNextPage },
    isFetching: query.isFetching,
    error: query.error,
    load: () => {
      if (query.isFetching) return;
      if (query.hasNextPage) query.fetchNextPage();
      else query.refetch();
    },
  };
}
