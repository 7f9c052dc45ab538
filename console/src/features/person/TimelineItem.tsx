import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import { useMay, type EventOut, type MessageOut, type MessageStatus } from '@/api';
import { providerName } from '@/components/providers';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';
import { ProviderWords } from './ProviderWords';
import { useTerms } from './terms';
import type { Item } from './timeline';
import { Who } from './Who';

/** One line of the timeline: when, what, to which address or number, and why. */
export function TimelineItem({ item }: { readonly item: Item }) {
  return (
    <li tabIndex={-1}>
      <p className="quiet">
        <Time at={item.at} exact />
      </p>
      {item.what === 'message' ? <Message message={item.message} /> : <Event event={item.event} />}
    </li>
  );
}

const UNREACHED: ReadonlySet<MessageStatus> = new Set([
  'blocked',
  'dropped',
  'uncertain',
  'failed',
  'rejected',
  'bounced',
  'complained',
]);

function Message({ message }: { readonly message: MessageOut }) {
  const words = useWords();
  const {
    channel,
    status,
    purpose,
    subject,
    label,
    credential,
    why,
    alternatives,
    times,
    provider,
    user_id: of,
  } = message;
  const others = words.list(alternatives.map((way) => words.channel(way.channel)));
  const through = provider && providerName(provider);
  const steps = Object.entries(times) as [MessageStatus, string][];
  return (
    <div>
      <p>
        <strong>{words.channel(channel)}</strong> ({words.purpose(purpose)}){subject && <>: {subject}</>}
        {label && (
          <>
            : <Trans>begins with “{label}”</Trans>
          </>
        )}
      </p>
      <p>
        <strong className={UNREACHED.has(status) ? 'bad' : undefined}>{words.messageStatus(status)}</strong>
        {why && <>: {why}</>}
        {credential && (
          <>
            {' · '}
            <span translate="no">{credential.slice(credential.indexOf(':') + 1)}</span>
          </>
        )}
      </p>
      {alternatives.length > 0 && (
        <p>
          <Trans>Open instead: {others}.</Trans>
        </p>
      )}
      {of === null && (
        <p>
          <Trans>Another system sent it to the address, which several people share.</Trans>
        </p>
      )}
      <details>
        <summary>
          <Trans>Step by step</Trans>
        </summary>
        <ul>
          {steps.map(([step, at]) => (
            <li key={step}>
              {words.messageStatus(step)}: <Time at={at} exact />
            </li>
          ))}
          {through && (
            <li>
              <Trans>Sent through {through}</Trans>
            </li>
          )}
        </ul>
      </details>
    </div>
  );
}

function Event({ event }: { readonly event: EventOut }) {
  const words = useWords();
  const terms = useTerms();
  const { kind, channel, value, reason, provider, by, by_name: name, note, incident, sent_at: sent } = event;
  const mayOpenIncident = useMay('reset');
  const { from: consentFrom, how } = event.consent ?? {};
  return (
    <div>
      <p>
        <strong>{terms.event(kind)}</strong>
        {channel && ` (${words.channel(channel)})`}
        {reason && <>: {reason}</>}
      </p>
      <p>
        <span translate="no">{value}</span>
        {' · '}
        {by === null ? providerName(provider) : <Who by={by} name={name} />}
      </p>
      {note && (
        <p>
          <Trans>Note: {note}</Trans>
        </p>
      )}
      {consentFrom && (
        <p>
          <Trans>
            Consent of {consentFrom}: {how}
          </Trans>
        </p>
      )}
      {incident && (
        <p>
          {mayOpenIncident ? (
            <Link to={`/incidents/${incident}`}>
              <Trans>Part of a reset of many</Trans>
            </Link>
          ) : (
            <Trans>Part of a reset of many</Trans>
          )}
        </p>
      )}
      {sent && (
        <p className="quiet">
          <Trans>
            The message was sent at <Time at={sent} exact />.
          </Trans>
        </p>
      )}
      <ProviderWords provider={provider} words={event.provider_words} />
    </div>
  );
}
