import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { Failed } from '@/components/Failed';
import { Page } from '@/components/Page';
import { ClassFamilies } from './ClassFamilies';
import { ClassStudents } from './ClassStudents';
import { ClassUnreachable } from './ClassUnreachable';
import { classQuery } from './queries';

/** A class: whom of its families nothing reaches, by what the others are reached, and its students. */
export function ClassPage() {
  const { t } = useLingui();
  const { id } = useParams<{ id: string }>();
  const { data: class_, error, refetch } = useQuery(classQuery(id));
  return (
    <Page title={t`Class`} heading={class_?.name}>
      {class_?.school && <p className="quiet">{class_.school.name}</p>}
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <>
          <ClassUnreachable id={id} />
          <ClassFamilies id={id} />
          <ClassStudents id={id} />
        </>
      )}
      <p className="no-print">
        <Link to="/classes">
          <Trans>All classes</Trans>
        </Link>
      </p>
    </Page>
  );
}
