import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ImportOut } from '@/api';
import { By } from '@/components/By';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Table } from '@/components/Table';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';
import { importsQuery } from './queries';
import { ImportState } from './ImportState';

/** All imports, the newest first. */
export function ImportList() {
  const { t } = useLingui();
  const query = useInfiniteQuery(importsQuery);
  if (query.isPending) return <Loading />;
  if (!query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const imports = query.data.pages.flatMap(({ items, seenAt }) => items.map((shown) => ({ shown, seenAt })));
  if (imports.length === 0)
    return (
      <p>
        <Trans>There are none yet.</Trans>
      </p>
    );
  return (
    <>
      <Table
        caption={t`Imports, the newest first`}
        captionUnseen
        columns={[{ name: t`When` }, { name: t`State` }, { name: t`People` }, { name: t`By whom` }]}
        rows={imports.map(({ shown, seenAt }) => ({
          key: shown.id,
          cells: [
            <Link key="when" to={`/imports/${shown.id}`}>
              <Time at={firstTime(shown)} exact />
            </Link>,
            <ImportState key="state" shown={shown} at={seenAt} />,
            <People key="people" shown={shown} />,
            <By key="by" id={shown.by} name={shown.by_name} />,
          ],
        }))}
      />
      <More query={query} />
    </>
  );
}

function firstTime({ uploaded_at, times }: ImportOut): string {
  return uploaded_at ?? Object.values(times).sort()[0] ?? '';
}

/** How many people are new, others now, gone; nothing of what was not counted. */
function People({ shown: { counts } }: { readonly shown: ImportOut }) {
  const words = useWords();
  const many = (act: string) => (counts[act]?.user ?? 0) + (counts[act]?.student ?? 0);
  if (Object.keys(counts).length === 0) return null;
  if (['created', 'changed', 'removed'].every((act) => many(act) === 0)) return <Trans>no change</Trans>;
  const [created, changed, removed] = ['created', 'changed', 'removed'].map((act) => words.number(many(act)));
  return (
    <Trans>
      {created} new, {changed} changed, {removed} removed
    </Trans>
  );
}
