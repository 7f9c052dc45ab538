import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { Problem } from '@/api';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { Overtaken } from '@/components/Overtaken';
import { isConflict, isLost } from '@/components/overtaken';
import { Page } from '@/components/Page';
import { BatchCounts } from './BatchCounts';
import { BatchMessages } from './BatchMessages';
import { BatchState } from './BatchState';
import { Decisions } from './Decisions';
import { groupOf, idIn, idOf } from './groups';
import { batchQuery } from './queries';
import { Sweep } from './Sweep';
import { Told } from './Told';
import { useGroupWords } from './useGroupWords';

/** A batch, a receiving domain, a sender or all sending: how it stands, and what somebody decides about it. */
export function BatchPage() {
  const { t } = useLingui();
  const inWords = useGroupWords();
  const id = idIn(useParams<{ id: string }>().id);
  const { kind, name } = groupOf(id);
  const query = useQuery({ ...batchQuery(id), enabled: idOf(kind, name) !== null });
  const [told, setTold] = useState('');
  const [failure, setFailure] = useState<{ readonly error: unknown; readonly stood: string } | null>(null);
  const unknown = query.error instanceof Problem && query.error.status === 404;
  const batch = query.data;
  const stands = batch ? `${batch.state} ${batch.since} ${String(batch.emergencies_pass)}` : '';

  if (idOf(kind, name) === null)
    return (
      <Page title={t`Held batch`}>
        <p>
          <Trans>There can be nothing of this name. The address may be mistyped.</Trans>
        </p>
        <Back />
      </Page>
    );
  return (
    <Page title={t`Held batch`} heading={inWords(id)}>
      <Back />
      {told && <Told text={told} />}
      {failure !== null && (isConflict(failure.error) || isLost(failure.error)) && (
        <Overtaken error={failure.error} hasMoved={failure.stood !== stands} />
      )}
      {query.isPending && <Loading />}
      {query.isError && !unknown && <Failed error={query.error} retry={() => void query.refetch()} />}
      {unknown && batch === undefined && (
        <div className="note">
          <p>
            {kind === 'batch' ? (
              <Trans>
                Nothing is known of a batch of this name. Look whether it is spelled as the sending system
                spells it. You can hold it all the same: then nothing of it goes out once it comes.
              </Trans>
            ) : (
              <Trans>Nothing has been sent there yet, and nothing is held.</Trans>
            )}
          </p>
        </div>
      )}
      {batch && (
        <>
          <BatchState batch={batch} />
          {batch.swept && <Sweep swept={batch.swept} state={batch.state} />}
        </>
      )}
      {(batch ?? unknown) && (
        <Decisions
          // What is asked is about this state alone.
          key={stands}
          id={id}
          state={batch?.state ?? 'running'}
          emergenciesPass={batch?.emergencies_pass ?? true}
          counts={batch?.counts ?? {}}
          tell={(done) => {
            setFailure(null);
            setTold(done);
          }}
          fail={(error) => {
            setTold('');
            setFailure({ error, stood: stands });
          }}
        />
      )}
      {batch && <BatchCounts counts={batch.counts} isBatch={kind === 'batch'} />}
      {batch && kind === 'batch' && <BatchMessages id={id} />}
    </Page>
  );
}

function Back() {
  return (
    <p>
      <Link to="/held">
        <Trans>All that is held</Trans>
      </Link>
    </p>
  );
}
