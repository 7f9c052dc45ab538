import { useLocale } from './locale';

interface TimeProps {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** With the time of day, where the hour matters. */
  readonly exact?: boolean;
}

/** A day or a time as people of this language write it, where they are. */
export function Time({ at, exact = false }: TimeProps) {
  const locale = useLocale();
  return (
    <time dateTime={at}>{new Intl.DateTimeFormat(locale, exact ? EXACT : DAY).format(new Date(at))}</time>
  );
}

const DAY: Intl.DateTimeFormatOptions = { dateStyle: 'long' };
const EXACT: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };
