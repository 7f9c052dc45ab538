/** For so many frames the focus may still get lost: a sixth of a second. */
const FRAMES = 10;

/** Focus what is to be read next, where the button that was pressed has gone and left the focus nowhere. */
export function readOnAt(place: () => HTMLElement | null): void {
  let left = FRAMES;
  const look = () => {
    if (document.activeElement === document.body) place()?.focus();
    left -= 1;
    if (left > 0) requestAnimationFrame(look);
  };
  // React Aria gives the focus of a dialog back in the next frame, and not where it is somewhere by then.
  requestAnimationFrame(() => requestAnimationFrame(look));
}
