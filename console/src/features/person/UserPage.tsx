import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useParams } from 'wouter';
import { clock, lookAgain, type CredentialKind, type ResetOut, type UserOut } from '@/api';
import { announce } from '@/components/Announcements';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { readOnAt } from '@/components/read-on';
import { About } from './About';
import { AtAGlance } from './AtAGlance';
import { current } from './blocks';
import { CredentialCard } from './CredentialCard';
import { FormerCredentials } from './FormerCredentials';
import { Hidden } from './Hidden';
import { MarkDialog } from './MarkDialog';
import { NotShown } from './NotShown';
import { isClosedToViewer } from './outcome';
import { userQuery } from './queries';
import { nextLook } from './releases';
import { useReleaseNews } from './releaseNews';
import { Reminder } from './Reminder';
import { ResetAnswer } from './ResetAnswer';
import { ResetDialog } from './ResetDialog';
import { useStreams } from './streams';
import { bounces } from './timeline';
import { Timeline } from './Timeline';

/** A guardian or a member of staff: whether they can be reached, why not, and what to do. */
export function UserPage() {
  const { id } = useParams<{ id: string }>();
  const [lookingSince, setLookingSince] = useState(() => clock.now());
  const { data, error, refetch } = useQuery({
    ...userQuery(id),
    refetchInterval: ({ state }) => lookAgain(state.error, nextLook(state.data, lookingSince, clock.now())),
  });
  const retry = () => void refetch();
  if (!data || isClosedToViewer(error)) return error ? <NotShown error={error} retry={retry} /> : <Loading />;
  return (
    <User user={data} onReset={setLookingSince}>
      {error && <Failed error={error} retry={retry} />}
    </User>
  );
}

interface UserProps {
  readonly user: UserOut;
  readonly onReset: (at: number) => void;
  /** That it could not be asked anew. */
  readonly children: React.ReactNode;
}

interface Opened {
  readonly dialog: 'reset' | 'mark';
  readonly kind: CredentialKind;
}

function User({ user, onReset, children }: UserProps) {
  const { t } = useLingui();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [answer, setAnswer] = useState<ResetOut | null>(null);
  const streams = useStreams(user);
  useReleaseNews(user);
  useEffect(() => {
    if (!opened) return;
    return () => {
      readOnAt(() => document.getElementById(`credential-${opened.kind}`));
    };
  }, [opened]);
  const close = () => {
    setOpened(null);
  };
  return (
    <Page title={t`Person`} heading={user.name}>
      {children}
      <AtAGlance user={user} />
      {answer && (
        <ResetAnswer
          answer={answer}
          now={user}
          close={() => {
            setAnswer(null);
          }}
        />
      )}
      <Reminder user={user} />
      <section>
        <h2>
          <Trans>Email and phone</Trans>
        </h2>
        {current(user).length === 0 && (
          <p>
            <Trans>
              This person has neither an email address nor a phone number. Add one in the student information
              system.
            </Trans>
          </p>
        )}
        {current(user).map((credential) => {
          const { kind, value } = credential;
          const events = streams.find(({ stream }) => stream.name === kind)?.stream;
          return (
            <CredentialCard
              key={kind}
              user={user}
              credential={credential}
              bounces={events ? bounces(events, value) : null}
              reset={() => {
                setOpened({ dialog: 'reset', kind });
              }}
              mark={() => {
                setOpened({ dialog: 'mark', kind });
              }}
            />
          );
        })}
        <FormerCredentials credentials={user.credentials} />
      </section>
      <About user={user} />
      <Hidden hidden={user.hidden} />
      {user.actions.includes('extended') && (
        <section aria-labelledby="timeline">
          <h2 id="timeline">
            <Trans>Messages and what became of them</Trans>
          </h2>
          <Timeline streams={streams} />
        </section>
      )}
      {opened?.dialog === 'reset' && (
        <ResetDialog
          user={user}
          kind={opened.kind}
          close={close}
          done={(told) => {
            close();
            setAnswer(told);
            onReset(clock.now());
          }}
        />
      )}
      {opened?.dialog === 'mark' && (
        <MarkDialog
          user={user}
          kind={opened.kind}
          close={close}
          done={() => {
            close();
            announce(t`Marked as bad: nothing more is sent to it.`);
          }}
        />
      )}
    </Page>
  );
}
