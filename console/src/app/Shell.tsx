import { Trans, useLingui } from '@lingui/react/macro';
import { QueryErrorResetBoundary, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { Link, Route, Switch, useLocation } from 'wouter';
import { useMe } from '@/api';
import { Announcements } from '@/components/Announcements';
import { Loading } from '@/components/Loading';
import { NotFound, PageFailed } from './Failures';
import { chooseLanguage, keepLanguage, language, LANGUAGES, type Language } from './language';
import { usePlaces } from './places';
import { ROUTES } from './routes';
import { SignInEnded } from './SignInEnded';
import { useSession } from './session-context';

/** Around every page: where one can go, in which language, and the way out. */
export function Shell() {
  const { t } = useLingui();
  return (
    <>
      <a className="skip" href="#content">
        <Trans>Skip to content</Trans>
      </a>
      <Guarded>
        <Frame />
      </Guarded>
      <Announcements label={t`What has changed`} />
      <SignInEnded />
    </>
  );
}

function Frame() {
  const [path] = useLocation();
  return (
    <>
      <header className="top">
        <div className="top-inner">
          <Link to="/" className="brand" translate="no">
            Reachable
          </Link>
          <Suspense fallback={null}>
            <Account />
          </Suspense>
        </div>
        <Suspense fallback={null}>
          <Places key={path} />
        </Suspense>
      </header>
      <main id="content" className="page" tabIndex={-1}>
        <Guarded key={path}>
          <Switch>
            {ROUTES.map(({ path: at, page }) => (
              <Route key={at} path={at} component={page} />
            ))}
            <Route component={NotFound} />
          </Switch>
        </Guarded>
      </main>
      <footer className="foot">
        <p>
          <Trans>Something wrong or unclear? Ask whoever looks after Reachable in your district.</Trans>
        </p>
        <LanguageChoice />
      </footer>
    </>
  );
}

/** Something to read while it loads, and where it fails: then what to do, and a way to try again. */
function Guarded({ children }: { readonly children: React.ReactNode }) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <ErrorBoundary FallbackComponent={PageFailed} onReset={reset}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </ErrorBoundary>
      )}
    </QueryErrorResetBoundary>
  );
}

function Account() {
  const { accounts, viewer } = useMe();
  const name = viewer?.name ?? accounts[0]?.name;
  const session = useSession();
  return (
    <div className="account">
      {name && <span className="account-name">{name}</span>}
      <button type="button" className="link" onClick={() => void session.signOut()}>
        <Trans>Sign out</Trans>
      </button>
    </div>
  );
}

/** Open beside each other where there is room, behind a button where there is not. */
function Places() {
  const places = usePlaces();
  const [path] = useLocation();
  const [open, setOpen] = useState(false);
  const { t } = useLingui();
  if (places.length < 2) return null;
  return (
    <nav className="places" aria-label={t`Pages`}>
      <button
        type="button"
        className="places-button"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Trans>Menu</Trans>
      </button>
      <ul data-open={open}>
        {places.map(({ to, name }) => (
          <li key={to}>
            <Link
              to={to}
              aria-current={isHere(to, path) ? 'page' : undefined}
              onClick={() => {
                setOpen(false);
              }}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isHere(place: string, path: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
}

function LanguageChoice() {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<Language>(language);
  const [hasFailed, setHasFailed] = useState(false);
  const queries = useQueryClient();
  async function choose(code: Language) {
    setChosen(code);
    setHasFailed(false);
    try {
      await chooseLanguage(code);
    } catch {
      setChosen(language());
      setHasFailed(true);
      return;
    }
    keepLanguage(language());
    // The API's own sentences come anew in the other language.
    queries.removeQueries({ type: 'inactive' }); // what is still asked for in the other language, too
    await queries.invalidateQueries();
  }
  return (
    <p className="languages">
      {(Object.entries(LANGUAGES) as [Language, string][]).map(([code, name]) => (
        <button
          key={code}
          type="button"
          className="link"
          lang={code}
          aria-pressed={code === chosen}
          onClick={() => {
            void choose(code);
          }}
        >
          {name}
        </button>
      ))}
      {hasFailed && (
        <span role="alert">
          {t`The other language could not be loaded. Look whether this device is connected, then reload the page.`}
        </span>
      )}
    </p>
  );
}
