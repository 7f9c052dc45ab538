import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MessageStatus } from '@/api';
import { Failed } from '@/components/Failed';
import { Field } from '@/components/Field';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Overtaken } from '@/components/Overtaken';
import { Messages } from './Messages';
import { messagesQuery } from './queries';

const STATUSES = {
  unreached: ['bounced', 'failed', 'rejected', 'blocked', 'dropped', 'uncertain'],
  held: ['held'],
  queued: ['queued'],
  complained: ['complained'],
  every: [],
} as const satisfies Record<string, readonly MessageStatus[]>;

/** Whom of a batch it did not reach, and by what else they can be reached; or the messages of another status. */
export function BatchMessages({ id }: { readonly id: string }) {
  const { t } = useLingui();
  const [chosen, choose] = useState<keyof typeof STATUSES>('unreached');
  const query = useInfiniteQuery(messagesQuery(id, STATUSES[chosen]));
  const messages = query.data?.pages.flatMap(({ items }) => items);
  const count = messages?.length ?? 0;
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <section aria-labelledby="messages">
      <h2 id="messages">
        <Trans>Its messages</Trans>
      </h2>
      <Field label={t`Show`}>
        {(field) => (
          <select
            {...field}
            value={chosen}
            onChange={(event) => {
              choose(event.target.value as keyof typeof STATUSES);
              setFailure(null);
            }}
          >
            <option value="unreached">{t`Who was not reached`}</option>
            <option value="held">{t`Held back`}</option>
            <option value="queued">{t`Waiting to be sent`}</option>
            <option value="complained">{t`Marked as spam`}</option>
            <option value="every">{t`Every message`}</option>
          </select>
        )}
      </Field>
      {failure !== null && <Overtaken error={failure} hasMoved />}
      {query.isPending && <Loading />}
      {query.isError && !query.isFetchNextPageError && (
        <Failed error={query.error} retry={() => void query.refetch()} />
      )}
      {messages && (
        <p role="status">
          {count > 0 ? (
            query.hasNextPage ? (
              <Plural
                value={count}
                one="# message is shown; there may be more."
                other="# messages are shown; there may be more."
              />
            ) : (
              <Plural value={count} one="# message." other="# messages." />
            )
          ) : query.hasNextPage ? (
            <Trans>None among those looked through so far. There are more to look through.</Trans>
          ) : (
            <Trans>There are none.</Trans>
          )}
        </p>
      )}
      {messages && count > 0 && <Messages caption={t`Its messages`} messages={messages} lost={setFailure} />}
      <More query={query} />
    </section>
  );
}
