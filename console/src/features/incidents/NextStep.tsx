import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { IncidentShownOut } from '@/api';
import { ForSupport } from '@/components/ForSupport';
import { mayCome } from './progress';

interface NextStepProps {
  readonly shown: IncidentShownOut;
  /** When the API told it. */
  readonly at: number;
}

/** What the state means, and what to do now. What is at work says so itself. */
export function NextStep({ shown, at }: NextStepProps) {
  const { state, error } = shown;
  switch (state) {
    case 'raised':
      return (
        <div className="note">
          <p>
            <Trans>
              Reachable saw more bounces than usual and saved this. Nothing is held back and nobody is marked
              good by it. Fix the cause first, if it is ours; a receiving domain that fails now can be held
              back until it has recovered. Then have it counted.
            </Trans>
          </p>
        </div>
      );
    case 'waiting':
      return (
        <p className="note">
          {mayCome(shown, at) ? (
            <Trans>Its list of people is not there yet. It is counted by itself once it has arrived.</Trans>
          ) : (
            <Trans>Its list of people never arrived, and the address for it has expired.</Trans>
          )}{' '}
          <Link to="/incidents/new">
            <Trans>Send the list anew</Trans>
          </Link>
        </p>
      );
    case 'refused':
      return (
        <div className="failed">
          <p>{error ?? <Trans>The list cannot be read.</Trans>}</p>
          <p>
            <Link to="/incidents/new">
              <Trans>Send another list</Trans>
            </Link>
          </p>
        </div>
      );
    case 'failed':
      return (
        <div className="failed">
          <p>
            <Trans>
              Our side broke, or somebody has ended the run in AWS. What it did is done. Start it again in a
              minute: nothing is done twice.
            </Trans>
          </p>
          <ForSupport error={error} />
        </div>
      );
    case 'counted':
      return (
        <p>
          <Trans>
            Nothing was done yet. Look at the numbers and the examples: does it take in people who are not of
            the incident? Then count a narrower one instead.
          </Trans>
        </p>
      );
    case 'stopped':
      return (
        <p>
          <Trans>
            What was reset stays so, and stays on the providers' lists until it is started again; then it goes
            on where it was.
          </Trans>
        </p>
      );
    case 'undone':
      return (
        <p>
          <Trans>
            What the run had opened is closed again, but for what somebody has reset since. It cannot be
            started again: count its time anew.
          </Trans>
        </p>
      );
    default:
      return null;
  }
}
