/** How long to look again after a reset, while a provider takes an address off its own list. */
import type { UpstreamOut, UserOut } from '@/api';
import { current } from './blocks';

const SOON_MS = 3_000;
const LATER_MS = 8_000;
const SOON_FOR_MS = 15_000;
const LOOK_FOR_MS = 60_000;

/** Milliseconds until the next look, false for none. Each look is kept in the audit, so there are few. */
export function nextLook(user: UserOut | undefined, since: number, now: number): number | false {
  const waited = now - since;
  if (!user || waited > LOOK_FOR_MS || !isReleasing(user, now)) return false;
  return waited < SOON_FOR_MS ? SOON_MS : LATER_MS;
}

/** Something may be told within the minute; what is in line for later is not waited for. */
function isReleasing(user: UserOut, now: number): boolean {
  return current(user).some(({ upstream }) =>
    upstream.some(
      ({ state, retry_after: after }) =>
        state === 'releasing' && (after === null || Date.parse(after) < now + LOOK_FOR_MS),
    ),
  );
}

/** The lists of which something is told that was still being asked for at the last look. */
export function ended(before: UserOut, after: UserOut): readonly UpstreamOut[] {
  const asked = new Set(
    lists(before).flatMap((listed) => (listed.state === 'releasing' ? [nameOf(listed)] : [])),
  );
  return lists(after).filter((listed) => listed.state !== 'releasing' && asked.has(nameOf(listed)));
}

function lists(user: UserOut): readonly UpstreamOut[] {
  return current(user).flatMap(({ upstream }) => upstream);
}

function nameOf({ provider, account }: UpstreamOut): string {
  return `${provider} ${account}`;
}
