import { Plural, Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import type { IncidentOut, WhereOut } from '@/api';
import { providerName } from '@/components/providers';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';
import { schoolsQuery } from './queries';

/** Whom an incident concerns, as somebody has said it or the guard has seen it. */
export function Concerned({ shown }: { readonly shown: IncidentOut }) {
  if (shown.where !== null) return <Where where={shown.where} />;
  if (shown.events !== null)
    return (
      <Plural
        value={shown.events}
        one="# bounce that was read wrongly"
        other="# bounces that were read wrongly"
      />
    );
  if (shown.people !== null)
    return <Plural value={shown.people} one="A list of # person" other="A list of # people" />;
  return <Trans>A list of people</Trans>;
}

/** A window in words: when, and what else is so of the wrong ones alone. */
function Where({ where }: { readonly where: WhereOut }) {
  const words = useWords();
  const { account, domain, code, text } = where;
  const from = <Time at={where.from} exact />;
  const to = where.to && <Time at={where.to} exact />;
  const provider = where.provider && providerName(where.provider);
  const channel = where.channel && words.channel(where.channel);
  const cause = where.cause && words.cause(where.cause);
  const parts = [
    to ? (
      <Trans>
        What bounced from {from} until {to}
      </Trans>
    ) : (
      <Trans>What has bounced since {from}</Trans>
    ),
    domain && <Trans>at {domain}</Trans>,
    provider && <Trans>told by {provider}</Trans>,
    account && account !== 'default' && <Trans>account {account}</Trans>,
    channel && <Trans>channel: {channel}</Trans>,
    cause && <Trans>cause: {cause}</Trans>,
    code && <Trans>code {code}</Trans>,
    text && <Trans>with the words “{text}”</Trans>,
    where.school && (
      <Trans>
        of people at <School id={where.school} />
      </Trans>
    ),
  ].filter((part) => part !== null && part !== false && part !== '');
  return parts.map((part, i) => (
    <Fragment key={i}>
      {i > 0 && ', '}
      {part}
    </Fragment>
  ));
}

/** A school by name, as soon as the names are there. */
export function School({ id }: { readonly id: string }) {
  const { data: schools } = useQuery(schoolsQuery);
  const found = schools?.find((school) => school.id === id);
  if (found) return found.name;
  return schools ? <Trans>a school that is not in the roster any more</Trans> : '…';
}
