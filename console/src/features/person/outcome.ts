/** Why an act on a person has failed. */
import { Problem } from '@/api';
import { isConflict } from '@/components/overtaken';

/** Somebody else was quicker: nothing was done, and it can be decided anew. */
export function isOvertaken(error: unknown): boolean {
  return isConflict(error) || (error instanceof Problem && error.status === 412);
}

/** Not there, or not for this viewer: to ask again is of no use. */
export function isClosedToViewer(error: unknown): error is Problem {
  return error instanceof Problem && (error.status === 403 || error.status === 404);
}
