/** Whether an act that failed may have been done all the same. */
import { Problem } from '@/api';
import { isConflict, isLost } from '@/components/overtaken';

/** No answer, or one from in between: only a look tells whether it was done. */
export function isUnknown(error: unknown): boolean {
  return isLost(error) || (error instanceof Problem && error.status === 503);
}

/** Somebody else was quicker: nothing was done, and it can be decided anew. */
export function isOvertaken(error: unknown): boolean {
  return isConflict(error) || (error instanceof Problem && error.status === 412);
}

/** Not there, or not for this viewer: to ask again is of no use. */
export function isClosedToViewer(error: unknown): error is Problem {
  return error instanceof Problem && (error.status === 403 || error.status === 404);
}
