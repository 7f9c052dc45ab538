import { useEffect, useRef, useState } from 'react';

/** A form that was tried and has something wrong: the focus goes to the first of it, at each try. */
export function useFirstWrong() {
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  return {
    form,
    wasTried: tries > 0,
    show: () => {
      setTries(tries + 1);
    },
  };
}
