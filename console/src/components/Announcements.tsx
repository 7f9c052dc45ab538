import { useSyncExternalStore } from 'react';

let spoken = '';
const listeners = new Set<() => void>();

/** Say to a screen reader what has changed on the page (WCAG 4.1.3). What is seen must say it, too. */
export function announce(text: string): void {
  // The same words twice must be a change, or they are not said again.
  spoken = text === spoken ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

/** Forget what was said: it was about the page that is left, and a screen reader would find it on the next. */
export function hush(): void {
  spoken = '';
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Announcements({ label }: { readonly label: string }) {
  const text = useSyncExternalStore(subscribe, () => spoken);
  return (
    <div role="status" aria-live="polite" aria-label={label} className="unseen">
      {text}
    </div>
  );
}
