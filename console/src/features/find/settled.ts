import { useEffect, useState } from 'react';

/** The text once nothing has been typed for a moment; `now` does not wait for it. */
export function useSettled(text: string, after: number): [string, () => void] {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(text);
    }, after);
    return () => {
      clearTimeout(timer);
    };
  }, [text, after]);
  return [
    settled,
    () => {
      setSettled(text);
    },
  ];
}
