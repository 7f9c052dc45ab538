/** Focus what is to be read next, where the button that was pressed has gone and left the focus nowhere. */
export function readOnAt(place: () => HTMLElement | null): void {
  // React Aria gives the focus of a dialog back in the next frame.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) place()?.focus();
    }),
  );
}
