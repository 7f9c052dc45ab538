import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from '@/api/connect';
import { comesFromSignIn, handOver, openSession, SIGN_IN_WINDOW } from '@/api/session';
import { readSettings } from '@/api/settings';
import { Console } from '@/app/Console';
import { CannotStart } from '@/app/CannotStart';
import { chooseLanguage, language, preferredLanguage } from '@/app/language';
import '@/components/style.css';

async function start(): Promise<void> {
  const place = document.getElementById('console');
  if (place === null) throw new Error('index.html has no #console');
  const root = createRoot(place);
  try {
    const [settings] = await Promise.all([readSettings(), chooseLanguage(preferredLanguage())]);
    const session = await openSession(settings.sign_in);
    connect(settings, session, language);
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

if (window.name === SIGN_IN_WINDOW && comesFromSignIn(window.location)) handOver(window.location);
else void start();
