import { useEffect, useRef } from 'react';

/** What somebody's decision has done. It takes the focus: the button that did it may be gone. */
export function Told({ text }: { readonly text: string }) {
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    place.current?.focus();
  }, [text]);
  return (
    <div className="note">
      <p ref={place} tabIndex={-1}>
        <strong>{text}</strong>
      </p>
    </div>
  );
}
