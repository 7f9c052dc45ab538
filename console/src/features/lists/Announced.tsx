import { useEffect, useRef } from 'react';
import { announce } from '@/components/Announcements';

interface AnnouncedProps {
  /** Said once the list is there; not each time that it is on its way. */
  readonly settled: boolean;
  readonly children: React.ReactNode;
}

/** How long a list is, at its head; a screen reader hears it when it changes. */
export function Announced({ settled, children }: AnnouncedProps) {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (settled && text.current?.textContent) announce(text.current.textContent);
  }, [settled]);
  return (
    <p ref={text}>
      <strong>{children}</strong>
    </p>
  );
}
