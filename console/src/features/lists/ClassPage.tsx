import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'wouter';
import { useMe } from '@/api';
import { Page } from '@/components/Page';
import { ClassFamilies } from './ClassFamilies';
import { ClassStudents } from './ClassStudents';
import { ClassUnreachable } from './ClassUnreachable';
import { filtersOf } from './filters';
import { classesQuery, schoolsQuery } from './queries';

/** A class: whom of its families nothing reaches, by what the others are reached, and its students. */
export function ClassPage() {
  const { t } = useLingui();
  const { id } = useParams<{ id: string }>();
  const name = useClassName(id);
  return (
    <Page title={t`Class`} heading={name}>
      <ClassUnreachable id={id} />
      <ClassFamilies id={id} />
      <ClassStudents id={id} />
      <p className="no-print">
        <Link to="/classes">
          <Trans>All classes</Trans>
        </Link>
      </p>
    </Page>
  );
}

/** The API tells a class's name beside one's own, or its school's; which that is, the way here tells. */
function useClassName(id: string): string | undefined {
  const mine = useMe().classes;
  const [query] = useSearchParams();
  const own = mine.find((one) => one.id === id)?.name;
  const schools = useQuery({ ...schoolsQuery, enabled: own === undefined }).data;
  const school = filtersOf(query).school ?? (schools?.length === 1 ? schools[0]?.id : undefined);
  const classes = useQuery(classesQuery(own === undefined ? (school ?? '') : '')).data;
  return own ?? classes?.find((one) => one.id === id)?.name;
}
