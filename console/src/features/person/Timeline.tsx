import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import type { Channel } from '@/api';
import { announce } from '@/components/Announcements';
import { Failed } from '@/components/Failed';
import { Field } from '@/components/Field';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { useWords } from '@/components/words';
import type { useStreams } from './streams';
import { isAbout, merged, type Item } from './timeline';
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
  const shown = about(items, channel);
  const waited = streams.filter(({ stream }) => next.includes(stream.name));
  const failed = streams.filter(({ error }) => error !== null);
  const load = (some: typeof streams) => {
    for (const stream of some) stream.load();
  };
  // The button may be gone with the last page: who pressed it reads on where they were.
  const list = useRef<HTMLOListElement>(null);
  const readFrom = useRef<number | null>(null);
  const isWhole = next.length === 0;
  const isLoading = waited.some(({ isFetching }) => isFetching);
  useEffect(() => {
    const from = readFrom.current;
    if (from === null || isLoading) return;
    readFrom.current = null;
    if (shown.length <= from && !isWhole) return; // nothing came that is shown: the button is there still
    const entry = list.current?.children[Math.min(from, shown.length - 1)];
    if (entry instanceof HTMLElement) entry.focus();
  }, [shown.length, isWhole, isLoading]);
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
                const chosen = CHANNELS.find((one) => one === picked.target.value) ?? null;
                setChannel(chosen);
                const count = about(items, chosen).length;
                announce(t`${plural(count, { one: '# entry is shown.', other: '# entries are shown.' })}`);
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
      {isFirst && <Loading />}
      {!isFirst && (shown.length > 0 || failed.length === 0) && (
        <Items items={shown} isWhole={isWhole} list={list} />
      )}
      {!isFirst && failed.length === 0 && (
        <More
          query={{
            hasNextPage: !isWhole,
            isFetchingNextPage: isLoading,
            fetchNextPage: () => {
              readFrom.current = shown.length;
              load(waited);
            },
          }}
        />
      )}
    </>
  );
}

function about(items: readonly Item[], channel: Channel | null): readonly Item[] {
  return channel === null ? items : items.filter((item) => isAbout(item, channel));
}

interface ItemsProps {
  readonly items: readonly Item[];
  /** Whether there are no older ones. */
  readonly isWhole: boolean;
  readonly list: React.Ref<HTMLOListElement>;
}

function Items({ items, isWhole, list }: ItemsProps) {
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
    <ol className="plain timeline" ref={list}>
      {items.map((item) => (
        <TimelineItem key={item.key} item={item} />
      ))}
    </ol>
  );
}
