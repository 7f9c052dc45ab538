import { useEffect, useRef } from 'react';
import { hush } from './Announcements';

interface PageProps {
  /** What kind of page it is. Never a person's name: titles end in the browser's history. */
  readonly title: string;
  /** What stands at its head in place of the title: there a name may stand. */
  readonly heading?: React.ReactNode;
  /** Whether the heading takes the focus, as it does unless the page has a better place for it. */
  readonly focus?: boolean;
  readonly children: React.ReactNode;
}

/** A page: its title in the tab, its heading with the focus, so that a screen reader begins there. */
export function Page({ title, heading, focus = true, children }: PageProps) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Reachable`;
  }, [title]);
  useEffect(() => {
    if (focus) head.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [focus]);
  useEffect(() => hush, []);
  return (
    <>
      <h1 ref={head} tabIndex={-1}>
        {heading ?? title}
      </h1>
      {children}
    </>
  );
}
