/** The words of imports: states, what is counted, how grave a problem is. */
import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { ImportOut, Severity } from '@/api';
import { progressOf } from './progress';
import type { Wrong } from './zip';

const STATES = {
  awaits_file: msg`Waiting for the file`,
  no_file: msg`The file never arrived`,
  awaits_turn: msg`Waiting for another import to end`,
  validating: msg`Being checked`,
  applying: msg`Being written`,
  done: msg`Done`,
  refused: msg`Refused: nothing was changed`,
  checked: msg`Checked: it can be imported`,
  checked_refused: msg`Checked: it would be refused`,
  failed: msg`Failed on our side`,
} satisfies Record<string, MessageDescriptor>;

const KINDS: Record<string, MessageDescriptor> = {
  user: msg`Guardians and staff`,
  student: msg`Students`,
  school: msg`Schools`,
  class: msg`Classes`,
};
/** What the guard watches. */
const MEASURES: Record<string, MessageDescriptor> = {
  schools: msg`Schools`,
  users: msg`Guardians and staff`,
  students: msg`Students`,
  roles: msg`Roles`,
  enrollments: msg`Places in classes`,
  guardianships: msg`Ties of guardians to students`,
  emails: msg`Emails`,
  phones: msg`Phones`,
  names: msg`Names`,
  accents: msg`Names with accents`,
};
const SEVERITIES: Record<Severity, MessageDescriptor> = {
  error: msg`Error: not imported`,
  warning: msg`Warning: imported but for this`,
  note: msg`Note: nothing to do`,
};
/** Why a line was not taken that has no problem; of one that has, the problem says it. */
const REASONS: Record<string, MessageDescriptor> = {
  tobedeleted: msg`the line says that it is to be deleted`,
  role_ended: msg`the role has ended`,
  role_to_come: msg`the role is still to begin`,
  term_ended: msg`the term has ended`,
  class_ended: msg`the class has ended`,
  enrollment_ended: msg`the enrollment has ended`,
  person_left_out: msg`the person is not there`,
  class_left_out: msg`the class is not there`,
  no_seat: msg`aides see the school, not the class`,
};
const WRONGS: Record<Wrong, MessageDescriptor> = {
  empty: msg`This file is empty. Export the roster once more.`,
  too_large: msg`This file is larger than 5 GB, which is more than can be sent. Leave out results and demographics.`,
  spreadsheet: msg`This is a spreadsheet. Choose the zip that the SIS has exported, with its CSV files and manifest.csv.`,
  not_a_zip: msg`This is not a zip. Put all CSV files of the export, with manifest.csv, into one zip and choose that.`,
  unreadable: msg`This file cannot be read: it is a folder, or has been changed or moved since. Choose it again.`,
  cut_off: msg`The end of this zip is missing: it was probably not copied or downloaded whole. Fetch it again.`,
};

export function useImportWords() {
  const { i18n } = useLingui();
  const of = (table: Record<string, MessageDescriptor>) => (word: string) => {
    const found = table[word];
    return found ? i18n._(found) : word;
  };
  return {
    /** As of when it was told. */
    state: (seen: ImportOut, at: number) => {
      const progress = progressOf(seen, at);
      if (seen.state === 'waiting')
        return i18n._(STATES[progress === 'ended' || progress === 'at_work' ? 'awaits_turn' : progress]);
      return i18n._(STATES[seen.state === 'checked' && seen.refused ? 'checked_refused' : seen.state]);
    },
    kind: of(KINDS),
    measure: of(MEASURES),
    severity: of(SEVERITIES),
    reason: of(REASONS),
    wrong: of(WRONGS),
  };
}
