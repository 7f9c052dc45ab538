import type { GuidanceOut } from '@/api';

/** What one can do, in the API's own sentences. */
export function Advice({ guidance }: { readonly guidance: readonly GuidanceOut[] }) {
  return guidance.map(({ code, text }) => <p key={code}>{text}</p>);
}
