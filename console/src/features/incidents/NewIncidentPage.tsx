import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link } from 'wouter';
import { Page } from '@/components/Page';
import { UploadProgress } from '@/components/UploadProgress';
import { useUpload } from '@/components/uploader';
import { ByFile } from './ByFile';
import { ByPeople } from './ByPeople';
import { ByWindow } from './ByWindow';
import { lists } from './lists';
import { WhatItDoes } from './WhatItDoes';

type Way = 'window' | 'people' | 'file';

/** Say whom an incident concerns, and have it counted. */
export function NewIncidentPage() {
  const { t } = useLingui();
  const upload = useUpload(lists);
  const [way, setWay] = useState<Way>('window');
  const ways: Record<Way, string> = {
    window: t`By time: everything that bounced in it`,
    people: t`A list of people, typed or pasted: up to 1,000`,
    file: t`A list of people as a file: up to 100,000`,
  };
  return (
    <Page title={t`Count a new incident`}>
      <p>
        <Link to="/incidents">
          <Trans>All incidents</Trans>
        </Link>
      </p>
      <UploadProgress uploader={lists} to={pageOf} />
      {upload.at === 'none' && (
        <>
          <WhatItDoes />
          <fieldset>
            <legend>
              <Trans>How to say whom it concerns</Trans>
            </legend>
            {(Object.entries(ways) as [Way, string][]).map(([name, label]) => (
              <label key={name} className="choice">
                <input
                  type="radio"
                  name="way"
                  checked={way === name}
                  onChange={() => {
                    setWay(name);
                  }}
                />
                {label}
              </label>
            ))}
          </fieldset>
          {way === 'window' && <ByWindow />}
          {way === 'people' && <ByPeople />}
          {way === 'file' && <ByFile />}
        </>
      )}
    </Page>
  );
}

function pageOf(id: string): string {
  return `/incidents/${id}`;
}
