import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { Channel } from '@/api';
import { Failed } from '@/components/Failed';
import { Field } from '@/components/Field';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { useWords } from '@/components/words';
import type { useStreams } from './streams';
import { isAbout, merged } from './timeline';
import { TimelineItem } from './TimelineItem';

const CHANNELS: readonly Channel[] = ['email', 'sms', 'voice'];

interface TimelineProps {
  readonly streams: ReturnType<typeof useStreams>;
}

/** What was sent to a person and what happened to their addresses and numbers, as one list, newest first. */
export function Timeline({ streams }: TimelineProps) {
  const { t } = useLingui();
  const words = useWords();
  const [channel, setChannel] = useState<Channel | null>(null);
  const { items, next } = merged(streams.map(({ stream }) => stream));
  const shown = channel === null ? items : items.filter((item) => isAbout(item, channel));
  const waited = streams.filter(({ stream }) => next.includes(stream.name));
  const failed = streams.filter(({ error }) => error !== null);
  const load = (some: typeof streams) => {
    for (const stream of some) stream.load();
  };
  const isFirst = waited.some(({ stream, isFetching }) => stream.items.length === 0 && isFetching);
  return (
    <>
      <div className="filters no-print">
        <Field label={t`Show`}>
          {(field) => (
            <select
              {...field}
              value={channel ?? ''}
              onChange={(picked) => {
                setChannel(CHANNELS.find((one) => one === picked.target.value) ?? null);
              }}
            >
              <option value="">{t`Everything`}</option>
              {CHANNELS.map((one) => (
                <option key={one} value={one}>
                  {words.channel(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {failed[0] && (
        <Failed
          error={failed[0].error}
          retry={() => {
            load(failed);
          }}
        />
      )}
      {isFirst ? <Loading /> : <Items items={shown} isWhole={next.length === 0} />}
      {!isFirst && failed.length === 0 && (
        <More
          query={{
            hasNextPage: next.length > 0,
            isFetchingNextPage: waited.some(({ isFetching }) => isFetching),
            fetchNextPage: () => {
              load(waited);
            },
          }}
        />
      )}
    </>
  );
}

function Items({
  items,
  isWhole,
}: {
  readonly items: ReturnType<typeof merged>['items'];
  readonly isWhole: boolean;
}) {
  if (items.length === 0)
    return (
      <p>
        {isWhole ? (
          <Trans>Nothing is known of any message here.</Trans>
        ) : (
          <Trans>Nothing among the newest. There are older ones.</Trans>
        )}
      </p>
    );
  return (
    <ol className="plain timeline">
      {items.map((item) => (
        <TimelineItem key={item.key} item={item} />
      ))}
    </ol>
  );
}
