import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem, Unreached } from '@/api/problem';
import { connect } from '@/api/connect';
import { handOver, isSecondSignIn, openSession } from '@/api/session';
import { readSettings } from '@/api/settings';
import { Console } from '@/app/Console';
import { CannotStart, SecondWindow } from '@/app/BeforeStart';
import { chooseLanguage, language, preferredLanguage } from '@/app/language';
import { fetchPage } from '@/app/routes';
import '@/components/style.css';

async function start(): Promise<void> {
  const place = document.getElementById('console');
  if (place === null) throw new Error('index.html has no #console');
  const root = createRoot(place, { onCaughtError: complain });
  if (isSecondSignIn(window.location)) {
    root.render(<SecondWindow isSignedIn={new URLSearchParams(window.location.search).has('code')} />);
    handOver(window.location);
    return;
  }
  try {
    const words = chooseLanguage(preferredLanguage());
    const settings = await readSettings();
    // While the code is changed for a token, the page comes that its person was on.
    const session = await openSession(settings.sign_in, () => {
      fetchPage(window.location.pathname);
    });
    connect(settings, session, language);
    await words;
    root.render(
      <StrictMode>
        <Console session={session} />
      </StrictMode>,
    );
  } catch (failure) {
    console.error('the console cannot start', failure instanceof Error ? failure.name : '');
    root.render(<CannotStart />);
  }
}

/** What the API has said is told on the page, and may name people: the browser's console gets faults alone. */
function complain(failure: unknown): void {
  if (!(failure instanceof Problem || failure instanceof Unreached)) console.error(failure);
}

void start();
