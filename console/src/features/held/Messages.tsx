import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { AlternativeOut, MessageOut } from '@/api';
import { Table } from '@/components/Table';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';
import { CancelMessage } from './CancelMessage';

interface MessagesProps {
  readonly caption: string;
  readonly messages: readonly MessageOut[];
  /** Of one that was cancelled nobody knows whether it was; its row may be gone. Of these none can be without it. */
  readonly lost?: (error: unknown) => void;
}

/** To whom messages were, what became of each and why, and by what else the person can be reached now. */
export function Messages({ caption, messages, lost }: MessagesProps) {
  const { t } = useLingui();
  const words = useWords();
  const cancellable = lost !== undefined && messages.some(isWaiting);
  return (
    <Table
      caption={caption}
      captionUnseen
      columns={[
        { name: t`Recipient` },
        { name: t`Sent as` },
        { name: t`What became of it` },
        { name: t`When` },
        { name: t`Also reached by` },
        ...(cancellable ? [{ name: t`Cancel` }] : []),
      ]}
      rows={messages.map((message) => ({
        key: message.id,
        cells: [
          <Recipient key="to" message={message} />,
          <span key="as">
            {words.channel(message.channel)}
            <br />
            <span className="quiet">{words.purpose(message.purpose)}</span>
          </span>,
          <span key="status">
            <strong>{words.messageStatus(message.status)}</strong>
            {message.why && (
              <>
                <br />
                {message.why}
              </>
            )}
          </span>,
          <When key="when" message={message} />,
          <Alternatives key="also" alternatives={message.alternatives} />,
          ...(cancellable
            ? [isWaiting(message) && <CancelMessage key="cancel" message={message} lost={lost} />]
            : []),
        ],
      }))}
    />
  );
}

function isWaiting({ status }: MessageOut): boolean {
  return status === 'queued' || status === 'held';
}

/** By their address; a name is on their own page, which not everybody may see. */
function Recipient({ message: { user_id: userId, credential } }: { readonly message: MessageOut }) {
  const { t } = useLingui();
  const address = credential === null ? null : addressOf(credential);
  if (userId === null) return address;
  return <Link to={`/users/${userId}`}>{address ?? t`Profile`}</Link>;
}

function When({ message: { times, status } }: { readonly message: MessageOut }) {
  const at = times[status];
  return at === undefined ? null : <Time at={at} exact />;
}

function Alternatives({ alternatives }: { readonly alternatives: readonly AlternativeOut[] }) {
  const words = useWords();
  if (alternatives.length === 0) return <Trans>Nothing else that is known</Trans>;
  return alternatives.map(({ channel, credential }) => (
    <span key={`${channel} ${credential}`} className="line">
      {words.channel(channel)}: {addressOf(credential)}
    </span>
  ));
}

/** `email:ada@example.org` as people write it. */
function addressOf(credential: string): string {
  return credential.slice(credential.indexOf(':') + 1);
}
