import { Trans } from '@lingui/react/macro';
import type { BatchOut } from '@/api';
import { Time } from '@/components/Time';
import { ByWhom } from './ByWhom';

/** How it stands, in words first; since when, why and by whom. */
export function BatchState({ batch }: { readonly batch: BatchOut }) {
  const { state, since, why, by, emergencies_pass: pass } = batch;
  return (
    <div className={state === 'held' ? 'card is-bad' : 'card'}>
      <p>
        <State state={state} />
      </p>
      {since !== null && (
        <dl className="facts">
          <dt>
            <Trans>Since</Trans>
          </dt>
          <dd>
            <Time at={since} exact />
          </dd>
          {state === 'held' && (
            <>
              <dt>
                <Trans>Why</Trans>
              </dt>
              <dd>{why ?? <Trans>No reason was written down</Trans>}</dd>
            </>
          )}
          <dt>
            <Trans>By whom</Trans>
          </dt>
          <dd>
            <ByWhom by={by} />
          </dd>
          {state === 'held' && (
            <>
              <dt>
                <Trans>Sign-in codes and emergencies</Trans>
              </dt>
              <dd>
                {pass ? (
                  <Trans>Go out all the same</Trans>
                ) : (
                  <strong className="bad">
                    <Trans>Are stopped, too: nobody can sign in by a code</Trans>
                  </strong>
                )}
              </dd>
            </>
          )}
        </dl>
      )}
    </div>
  );
}

function State({ state }: Pick<BatchOut, 'state'>) {
  switch (state) {
    case 'running':
      return (
        <strong className="status good">
          <span aria-hidden="true">✓ </span>
          <Trans>Not held: messages go out</Trans>
        </strong>
      );
    case 'resumed':
      return (
        <strong className="status good">
          <span aria-hidden="true">✓ </span>
          <Trans>Let go on: messages go out</Trans>
        </strong>
      );
    case 'held':
      return (
        <strong className="status bad">
          <span aria-hidden="true">✕ </span>
          <Trans>Held: nothing goes out until somebody decides</Trans>
        </strong>
      );
    case 'dropped':
      return (
        <strong className="status">
          <Trans>Dropped: what was held is not sent</Trans>
        </strong>
      );
    case 'cancelled':
      return (
        <strong className="status">
          <Trans>Cancelled: nothing more of it is sent, not even emergencies</Trans>
        </strong>
      );
  }
}
