import { Plural, Trans } from '@lingui/react/macro';
import { Problem, Unreached } from '@/api';

interface FailedProps {
  readonly error: unknown;
  readonly retry?: () => void;
}

/** What went wrong, and what to do. The API's own sentence where it has one: it is for people. */
export function Failed({ error, retry }: FailedProps) {
  return (
    <div className="failed" role="alert">
      <Words error={error} />
      {retry && (
        <p>
          <button type="button" className="button second" onClick={retry}>
            <Trans>Try again</Trans>
          </button>
        </p>
      )}
    </div>
  );
}

function Words({ error }: { readonly error: unknown }) {
  if (error instanceof Unreached)
    return (
      <p>
        <Trans>Reachable did not answer. Look whether this device is connected, then try again.</Trans>
      </p>
    );
  if (!(error instanceof Problem))
    return (
      <p>
        <Trans>
          Something went wrong here. Try again; if it happens again, tell whoever looks after Reachable.
        </Trans>
      </p>
    );
  return (
    <>
      <p>{error.detail || <Trans>Something went wrong on our side. Try again in a minute.</Trans>}</p>
      {error.retryAfter !== null && (
        <p>
          <After seconds={error.retryAfter} />
        </p>
      )}
      {error.errors.length > 0 && (
        <ul>
          {error.errors.map(({ pointer, detail }) => (
            <li key={pointer}>{detail}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function After({ seconds }: { readonly seconds: number }) {
  return seconds <= 90 ? (
    <Plural value={seconds} one="Try again in # second." other="Try again in # seconds." />
  ) : (
    <Plural value={Math.ceil(seconds / 60)} one="Try again in # minute." other="Try again in # minutes." />
  );
}
