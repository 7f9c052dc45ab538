import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import type { GuardianOut, StudentOut } from '@/api';
import { Grade } from '@/components/Grade';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { Reachable } from '@/components/Status';
import { Table } from '@/components/Table';
import { useWords } from '@/components/words';
import { Hidden } from './Hidden';
import { Names } from './Names';
import { NotShown } from './NotShown';
import { isClosedToViewer } from './outcome';
import { studentQuery } from './queries';
import { useTerms } from './terms';

/** A student, and by whom their family can be reached. */
export function StudentPage() {
  const { id } = useParams<{ id: string }>();
  const { data: student, error, refetch } = useQuery(studentQuery(id));
  if (!student || isClosedToViewer(error))
    return error ? <NotShown error={error} retry={() => void refetch()} /> : <Loading />;
  return <Student student={student} />;
}

function Student({ student }: { readonly student: StudentOut }) {
  const { t } = useLingui();
  const { grade, guardians, schools, classes, hidden, sourced_id: sourcedId } = student;
  return (
    <Page title={t`Student`} heading={student.name}>
      <p className="quiet">
        <Trans>Student</Trans>
        {grade && (
          <>
            {' · '}
            <Grade grade={grade} />
          </>
        )}
      </p>
      <Guardians guardians={guardians} />
      <section>
        <h2>
          <Trans>School</Trans>
        </h2>
        <dl className="facts">
          {schools.length > 0 && (
            <>
              <dt>
                <Trans>Schools</Trans>
              </dt>
              <dd>
                <Names named={schools} />
              </dd>
            </>
          )}
          {classes.length > 0 && (
            <>
              <dt>
                <Trans>Classes</Trans>
              </dt>
              <dd>
                <Names named={classes} to={(id) => `/classes/${id}`} />
              </dd>
            </>
          )}
          <dt>
            <Trans>Roster ID</Trans>
          </dt>
          <dd translate="no">{sourcedId}</dd>
        </dl>
      </section>
      <Hidden hidden={hidden} />
    </Page>
  );
}

function Guardians({ guardians }: { readonly guardians: readonly GuardianOut[] }) {
  const { t } = useLingui();
  const words = useWords();
  const terms = useTerms();
  return (
    <section>
      <h2>
        <Trans>Guardians</Trans>
      </h2>
      {guardians.length === 0 ? (
        <p>
          <Trans>
            No guardian is known, so nobody can be reached for this student. Add one in the student
            information system.
          </Trans>
        </p>
      ) : (
        <>
          {guardians.every(({ reachable }) => reachable.length === 0) && (
            <p className="failed">
              <strong>
                <Trans>None of the guardians can be reached. Open one to see why, and what to do.</Trans>
              </strong>
            </p>
          )}
          <Table
            caption={t`Guardians, and by what each can be reached`}
            captionUnseen
            columns={[
              { name: t`Name` },
              { name: t`Relation` },
              { name: t`Can be reached by` },
              { name: t`Account` },
            ]}
            rows={guardians.map(({ id, name, relation, reachable, account_status: status }) => ({
              key: id,
              cells: [
                <Link key="name" to={`/users/${id}`}>
                  {name}
                </Link>,
                terms.relation(relation),
                <Reachable key="reachable" channels={reachable} />,
                words.accountStatus(status),
              ],
            }))}
          />
        </>
      )}
    </section>
  );
}
