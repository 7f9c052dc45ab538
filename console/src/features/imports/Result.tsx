import { Trans } from '@lingui/react/macro';
import { Link } from 'wouter';
import type { ImportShownOut } from '@/api';
import { ForSupport } from '@/components/ForSupport';
import { Time } from '@/components/Time';
import { useWords } from '@/components/words';
import { guardsFigures } from './problems';
import { progressOf } from './progress';
import { useImportWords } from './wording';

interface ResultProps {
  readonly shown: ImportShownOut;
  /** When the API told it. */
  readonly at: number;
}

/** What has become of the file, in a sentence or two, and what to do next. */
export function Result({ shown, at }: ResultProps) {
  const { error } = shown;
  switch (shown.state) {
    case 'waiting':
      return <Waiting shown={shown} at={at} />;
    case 'validating':
      return (
        <p role="status">
          <Trans>
            The whole file is read and compared with what is stored. Nothing is written yet. You can leave
            this page and come back.
          </Trans>
        </p>
      );
    case 'applying':
      return (
        <p role="status">
          <Trans>The differences are written. You can leave this page and come back.</Trans>
        </p>
      );
    case 'done':
      return <Done shown={shown} />;
    case 'failed':
      return (
        <div className="failed">
          <p>
            <Trans>
              Our side broke; the file is not to blame. Upload the same file once more: what was written stays
              right.
            </Trans>
          </p>
          <ForSupport error={error} />
        </div>
      );
    case 'refused':
      return <Refusal shown={shown} />;
    case 'checked':
      return shown.refused ? (
        <Refusal shown={shown} />
      ) : (
        <p className="note">
          <Trans>
            Nothing stands against this file. Nothing was changed by the check: look at what would change,
            then import it for real.
          </Trans>
        </p>
      );
  }
}

function Done({ shown: { problems, problem_counts: counts } }: Pick<ResultProps, 'shown'>) {
  if ((counts.nobody_removed ?? 0) > 0)
    return (
      <p>
        <Trans>
          The file was imported, but of some lines nobody can tell whom they are about, so nobody of these
          files was removed.
        </Trans>
      </p>
    );
  return (
    <p>
      {problems.some(({ severity }) => severity === 'error') ? (
        <Trans>The file was imported, but for the lines that are called errors below.</Trans>
      ) : (
        <Trans>The file was imported whole.</Trans>
      )}
    </p>
  );
}

function Waiting({ shown, at }: ResultProps) {
  switch (progressOf(shown, at)) {
    case 'no_file':
      return (
        <p className="note">
          <Trans>
            An address was asked for, and no file came to it: the upload was probably stopped. The address has
            expired.
          </Trans>{' '}
          <Link to="/imports">
            <Trans>Upload the roster again</Trans>
          </Link>
        </p>
      );
    case 'awaits_file':
      return (
        <p>
          <Trans>
            The file is not there yet. If nobody is sending it any more, upload it again from the page of all
            imports.
          </Trans>
        </p>
      );
    default:
      return (
        <p>
          <Trans>Two imports never run at once, the earlier upload is first. It begins by itself.</Trans>
        </p>
      );
  }
}

/** What was refused, why, and what to do. */
function Refusal({ shown }: { readonly shown: ImportShownOut }) {
  const words = useWords();
  const own = useImportWords();
  const figures = guardsFigures(shown.problems);
  const at = shown.times.refused ?? shown.times.checked;
  return (
    <div className="failed">
      <p>
        {shown.dry_run ? (
          <Trans>An import of this file would be refused as a whole.</Trans>
        ) : (
          <Trans>This file was refused as a whole: what was stored before is unchanged.</Trans>
        )}{' '}
        {at && <Time at={at} exact />}
      </p>
      {figures.length > 0 && (
        <>
          <p>
            <Trans>It would take away or change more than an export usually does:</Trans>
          </p>
          <ul>
            {figures.map(({ what, removes, count, of }) => {
              const [name, many, all] = [own.measure(what), words.number(count), words.number(of)];
              return (
                <li key={`${what} ${String(removes)}`}>
                  {removes ? (
                    <Trans>
                      {name}: {many} of {all} would be removed
                    </Trans>
                  ) : (
                    <Trans>
                      {name}: {many} of {all} would be changed
                    </Trans>
                  )}
                </li>
              );
            })}
          </ul>
        </>
      )}
      <p>
        <Trans>
          Each error below says what to do. Correct the export in the SIS, then upload it again; a check first
          costs nothing.
        </Trans>
      </p>
    </div>
  );
}
