import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { useMe } from '@/api';
import { Failed } from '@/components/Failed';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { Choice } from './Choice';
import { ClassLinks } from './ClassLinks';
import { changed, filtersOf } from './filters';
import { classesQuery, schoolsQuery } from './queries';

/** One's own classes first; then, by school, all others that one may see. */
export function ClassesPage() {
  const { t } = useLingui();
  const mine = useMe().classes;
  const [query, setQuery] = useSearchParams();
  const schools = useQuery(schoolsQuery);
  const only = schools.data?.length === 1 && mine.length === 0 ? schools.data[0]?.id : undefined;
  const school = filtersOf(query).school ?? only;
  return (
    <Page title={mine.length > 0 ? t`My classes` : t`Classes`}>
      {mine.length > 0 && <ClassLinks classes={mine} />}
      {mine.length > 0 && (
        <h2>
          <Trans>All classes of a school</Trans>
        </h2>
      )}
      {schools.isError ? (
        <Failed error={schools.error} retry={() => void schools.refetch()} />
      ) : schools.data === undefined ? (
        <Loading />
      ) : (
        <>
          <Choice
            label={t`School`}
            all={t`Choose a school`}
            value={school}
            options={schools.data}
            choose={(id) => {
              setQuery((before) => changed(before, 'school', id), { replace: true });
            }}
          />
          {school && <OfSchool school={school} />}
        </>
      )}
    </Page>
  );
}

function OfSchool({ school }: { readonly school: string }) {
  const classes = useQuery(classesQuery(school));
  if (classes.isError) return <Failed error={classes.error} retry={() => void classes.refetch()} />;
  if (classes.data === undefined) return <Loading />;
  if (classes.data.length === 0)
    return (
      <p>
        <Trans>There are no classes of this school that you may see.</Trans>
      </p>
    );
  return <ClassLinks classes={classes.data} />;
}
