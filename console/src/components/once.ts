import { useRef } from 'react';

/** Begin, unless it is under way: a second press may come before the page has shown the first. */
export function useUnlessUnderWay(): (begin: (ended: () => void) => void) => void {
  const underWay = useRef(false);
  return (begin) => {
    if (underWay.current) return;
    underWay.current = true;
    begin(() => {
      underWay.current = false;
    });
  };
}

/** Do it, unless it is under way. */
export function useOnce(act: () => Promise<unknown>): () => void {
  const unlessUnderWay = useUnlessUnderWay();
  return () => {
    unlessUnderWay((ended) => {
      void act()
        .catch(() => undefined) // which the page shows by the mutation's own error
        .finally(ended);
    });
  };
}
