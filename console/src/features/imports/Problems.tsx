import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { ImportShownOut } from '@/api';
import { SaveReport } from '@/components/SaveReport';
import { useWords } from '@/components/words';
import { byFile, howMany } from './problems';
import { ProblemKinds } from './ProblemKinds';
import { useReportAddress } from './queries';

/** What is wrong with the export, file by file: where, and what to do. All of it is in the report. */
export function Problems({ shown }: { readonly shown: ImportShownOut }) {
  const { t } = useLingui();
  const words = useWords();
  const address = useReportAddress(shown);
  if (shown.report_url === null) return null;
  const { all, more } = howMany(shown);
  const theRest = words.number(more);
  return (
    <>
      <h2>
        <Trans>What is wrong with the export</Trans>
      </h2>
      <p>
        <Plural
          value={all}
          _0="Nothing that we can see."
          one="# place. It is named by file and line; what stands there is never shown."
          other="# places. They are named by file and line; what stands there is never shown."
        />
      </p>
      {byFile(shown.problems).map(({ file, kinds }) => (
        <section key={file}>
          <h3 translate="no">{file}</h3>
          <ProblemKinds kinds={kinds} />
        </section>
      ))}
      {more > 0 && (
        <p>
          <Trans>And {theRest} more: all of them are in the report.</Trans>
        </p>
      )}
      <SaveReport ask={address} name={`${t`roster-report`}.csv`}>
        <Trans>Save the whole report (CSV)</Trans>
      </SaveReport>
    </>
  );
}
