/** What the numbers say: of whom nobody can judge, and who is past what providers put up with. */
import type { CountsOut } from '@/api';

export type Measure = 'bounces' | 'complaints';

/** From here on Amazon SES looks into an account; other providers do alike. */
export const LIMITS: Readonly<Record<Measure, number>> = { bounces: 0.05, complaints: 0.001 };
/** Of fewer messages one more bounce is a leap, and says nothing. */
export const FEW = 100;

/** `unseen`: the one who looks may not see it. */
export type Verdict = 'few' | 'above' | 'below' | 'unseen';

type Shares = Pick<CountsOut, 'sent' | 'bounce_share' | 'complaint_share'>;

export function shareOf(row: Shares, measure: Measure): number | null {
  return measure === 'bounces' ? row.bounce_share : row.complaint_share;
}

export function judge(row: Shares, measure: Measure): Verdict {
  const share = shareOf(row, measure);
  if (row.sent < FEW) return 'few';
  if (share === null) return 'unseen';
  return share >= LIMITS[measure] ? 'above' : 'below';
}

/** All rows together. What one of them does not tell the sum does not tell either. */
export function total(rows: readonly CountsOut[]): Shares {
  const sent = rows.reduce((sum, row) => sum + row.sent, 0);
  const bounced = rows.reduce((sum, row) => sum + row.bounced_permanent, 0);
  const complained = rows.some((row) => row.complained === null)
    ? null
    : rows.reduce((sum, row) => sum + (row.complained ?? 0), 0);
  const share = (number: number | null) =>
    number === null || sent === 0 ? null : Math.min(1, number / sent);
  return { sent, bounce_share: share(bounced), complaint_share: share(complained) };
}

/** All that did not arrive, whatever it came to. */
export function failures(row: CountsOut): number {
  return (
    row.bounced_permanent +
    row.bounced_transient +
    row.bounced_undetermined +
    row.failed +
    row.rejected +
    row.suppressed +
    (row.complained ?? 0) +
    (row.opted_out ?? 0)
  );
}
