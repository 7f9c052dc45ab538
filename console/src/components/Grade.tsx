import { Trans } from '@lingui/react/macro';

/** A student's grade as people say it. The roster's codes are CEDS': `02`, `KG`, `PK` (OneRoster, 4.13.4). */
export function Grade({ grade }: { readonly grade: string }) {
  if (/^\d+$/.test(grade)) {
    const number = String(Number(grade));
    return <Trans>Grade {number}</Trans>;
  }
  if (grade === 'KG') return <Trans>Kindergarten</Trans>;
  if (grade === 'PK') return <Trans>Prekindergarten</Trans>;
  return <>{grade}</>;
}
