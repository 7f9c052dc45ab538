/** What became of an act that failed: whether it may have been done all the same. */
import { Problem, Unreached } from '@/api';

/** It was decided about a state that is no more. */
export function isConflict(error: unknown): boolean {
  return error instanceof Problem && error.status === 409;
}

/** The answer was lost, or our side, the gateway or what stands behind it broke off: it may have been done. */
export function isLost(error: unknown): boolean {
  return error instanceof Unreached || (error instanceof Problem && error.status >= 500);
}
