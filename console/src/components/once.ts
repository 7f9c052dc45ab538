import { useRef } from 'react';

/** Do it, unless it is under way: a second press may come before the page has shown that it is. */
export function useOnce(act: () => Promise<unknown>): () => void {
  const underWay = useRef(false);
  return () => {
    if (underWay.current) return;
    underWay.current = true;
    void act()
      .catch(() => undefined) // which the page shows by the mutation's own error
      .finally(() => {
        underWay.current = false;
      });
  };
}
