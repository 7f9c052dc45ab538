import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Failed } from '@/components/Failed';
import { Grade } from '@/components/Grade';
import { Loading } from '@/components/Loading';
import { More } from '@/components/More';
import { Table } from '@/components/Table';
import { itemsOf, studentsQuery } from './queries';

/** A class's students, each a way to their guardians. */
export function ClassStudents({ id }: { readonly id: string }) {
  const { t } = useLingui();
  const list = useInfiniteQuery(studentsQuery({ class: id }));
  const students = itemsOf(list.data);
  const columns = [t`Name`, t`Grade`];
  return (
    <section>
      <h2>
        <Trans>Students</Trans>
      </h2>
      {list.isError && list.data === undefined ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading />
      ) : students.length === 0 ? (
        <p>
          <Trans>No student of this class is known, or none that you may see.</Trans>
        </p>
      ) : (
        <>
          <Table
            caption={t`Students`}
            captionUnseen
            columns={columns.map((name) => ({ name }))}
            rows={students.map((student) => ({
              key: student.id,
              cells: [
                <Link key="name" to={`/students/${encodeURIComponent(student.id)}`}>
                  {student.name}
                </Link>,
                student.grade === null ? '–' : <Grade key="grade" grade={student.grade} />,
              ],
            }))}
          />
          <More query={list} />
        </>
      )}
    </section>
  );
}
