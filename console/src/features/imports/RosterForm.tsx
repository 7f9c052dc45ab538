import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Field } from '@/components/Field';
import { useSize } from '@/components/size';
import { DropPlace } from './DropPlace';
import { askForPlace } from './queries';
import { uploads } from './uploads';
import { useImportWords } from './wording';
import { whatIsWrong } from './zip';

/** Choose a roster, say whether it is only to be checked, and send it. */
export function RosterForm({ checkFirst }: { readonly checkFirst: boolean }) {
  const { t } = useLingui();
  const words = useImportWords();
  const size = useSize();
  const queries = useQueryClient();
  const [dryRun, setDryRun] = useState(checkFirst);
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);

  const choose = async (chosen: File | null) => {
    setFile(chosen);
    const found = chosen && (await whatIsWrong(chosen));
    setWrong(found && words.wrong(found));
  };
  const send = async () => {
    if (file === null) {
      setWrong(t`Choose a file first.`);
      picker.current?.focus();
      return;
    }
    const found = await whatIsWrong(file);
    if (found) {
      setWrong(words.wrong(found));
      picker.current?.focus();
      return;
    }
    await uploads.send(file, () => askForPlace(queries, dryRun));
  };

  const [name, howLarge] = [file?.name, size(file?.size ?? 0)];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <DropPlace dropped={(dropped) => void choose(dropped)}>
        <Field
          label={t`The roster's zip`}
          hint={t`One zip with OneRoster's CSV files and manifest.csv, as the SIS exports it. You can also drop it here.`}
          error={wrong}
        >
          {(field) => (
            <input
              {...field}
              ref={picker}
              type="file"
              accept=".zip,application/zip"
              onChange={(event) => void choose(event.target.files?.[0] ?? null)}
            />
          )}
        </Field>
        {file && !wrong && (
          <p>
            <Trans>
              Chosen: {name}, {howLarge}.
            </Trans>
          </p>
        )}
      </DropPlace>
      <fieldset>
        <legend>
          <Trans>What is to be done with it</Trans>
        </legend>
        <label className="choice">
          <input
            type="radio"
            name="dry-run"
            checked={dryRun}
            onChange={() => {
              setDryRun(true);
            }}
          />
          <Trans>Check it only: you see what would change, and nothing is changed</Trans>
        </label>
        <label className="choice">
          <input
            type="radio"
            name="dry-run"
            checked={!dryRun}
            onChange={() => {
              setDryRun(false);
            }}
          />
          <Trans>Import it for real</Trans>
        </label>
      </fieldset>
      <p className="buttons">
        <button type="submit" className="button">
          {dryRun ? <Trans>Upload and check</Trans> : <Trans>Upload and import</Trans>}
        </button>
      </p>
    </form>
  );
}
