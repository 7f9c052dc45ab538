import { useState } from 'react';

/** In this tab's memory alone: a reload forgets it, and no address, title or history ever has it. */
let kept = '';

/** What was typed, as it was left when its person comes back from one of those whom it found. */
export function useTyped(): [string, (text: string) => void] {
  const [typed, setTyped] = useState(kept);
  return [
    typed,
    (text: string) => {
      kept = text;
      setTyped(text);
    },
  ];
}
