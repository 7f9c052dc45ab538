import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Messages } from './Messages';
import { messagesQuery } from './queries';

/** Messages that may or may not have gone out: nobody but a person can decide, so it says how. */
export function UncertainMessages() {
  const { t } = useLingui();
  const query = useInfiniteQuery(messagesQuery(null, ['uncertain']));
  const messages = query.data?.pages.flatMap(({ items }) => items);
  return (
    <section aria-labelledby="uncertain">
      <h2 id="uncertain">
        <Trans>Not known whether sent</Trans>
      </h2>
      {query.isPending && <Loading />}
      {query.isError && !query.isFetchNextPageError && (
        <Failed error={query.error} retry={() => void query.refetch()} />
      )}
      {messages?.length === 0 && !query.hasNextPage && (
        <p>
          <Trans>There are none: of every message it is known whether it went out.</Trans>
        </p>
      )}
      {messages !== undefined && messages.length > 0 && (
        <>
          <p>
            <Trans>
              The provider broke off while it was taking these messages. They may have gone out or not, and
              are never sent again by themselves.
            </Trans>
          </p>
          <ol>
            <li>
              <Trans>
                Wait an hour, unless it is an emergency: what the provider still tells takes a message off
                this list.
              </Trans>
            </li>
            <li>
              <Trans>
                What is still here then most likely did not go out. If getting it twice does no harm, have it
                sent again as a new message.
              </Trans>
            </li>
            <li>
              <Trans>Otherwise ask the person, or reach them by what stands beside the message.</Trans>
            </li>
            <li>
              <Trans>
                Are there many at once? Then the provider or the network is down: decide when that is over.
              </Trans>
            </li>
          </ol>
          <Messages caption={t`Not known whether sent`} messages={messages} />
        </>
      )}
      <More query={query} />
    </section>
  );
}
