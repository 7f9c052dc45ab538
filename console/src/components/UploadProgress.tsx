import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { announce } from './Announcements';
import { Failed } from './Failed';
import { readOnAt } from './read-on';
import { useSize } from './size';
import { useUpload, type Ended, type Uploader } from './uploader';

interface UploadProgressProps {
  readonly uploader: Uploader;
  /** The page of what it belongs to. */
  readonly to: (id: string) => string;
}

/**
 * How far an upload is, and what to do where it has not arrived. Whoever has watched it is led on to its page; who
 * comes back later finds a link.
 */
export function UploadProgress({ uploader, to }: UploadProgressProps) {
  const upload = useUpload(uploader);
  const [, open] = useLocation();
  const watched = useRef(false);
  useEffect(() => {
    if (upload.at === 'sending') watched.current = true;
    if (upload.at !== 'arrived' || !watched.current) return;
    uploader.forget();
    open(to(upload.id));
  }, [uploader, upload, open, to]);
  switch (upload.at) {
    case 'none':
      return null;
    case 'arrived':
      return (
        <p className="note">
          <Trans>The file has arrived.</Trans>{' '}
          <Link
            to={to(upload.id)}
            onClick={() => {
              uploader.forget();
            }}
          >
            <Trans>See what has become of it</Trans>
          </Link>
        </p>
      );
    case 'asking': {
      const { name } = upload.file;
      return (
        <p role="status">
          <Trans>Getting ready to send {name}…</Trans>
        </p>
      );
    }
    case 'sending':
      return <Sending {...upload} stop={uploader} />;
    case 'refused':
      return <Failed error={upload.error} retry={() => void uploader.sendAgain()} />;
    default:
      return <NotArrived {...upload} uploader={uploader} to={to} />;
  }
}

interface NotArrivedProps extends UploadProgressProps {
  readonly at: Ended;
  readonly file: File;
  readonly id: string;
}

function NotArrived({ at, file, id, uploader, to }: NotArrivedProps) {
  const { name } = file;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    readOnAt(() => place.current);
  }, []);
  return (
    <div className="failed" role="alert" ref={place} tabIndex={-1}>
      <p>
        {at === 'stopped' && <Trans>You have stopped the upload of {name}.</Trans>}
        {at === 'left' && (
          <Trans>
            You have stopped waiting, but all of {name} had been sent by then: it may have arrived.
          </Trans>
        )}
        {at === 'broken' && (
          <Trans>
            The connection ended before {name} was there. Look whether this device is connected, then send it
            again: it begins anew.
          </Trans>
        )}
        {at === 'changed' && (
          <Trans>
            {name} has been changed or moved since it was chosen. Give it up, and choose it again.
          </Trans>
        )}
        {at === 'expired' && (
          <Trans>
            The address for the upload has expired: it holds for a quarter of an hour. Send the file again,
            and a new one is made.
          </Trans>
        )}
      </p>
      <p className="buttons">
        {at !== 'changed' && (
          <button type="button" className="button" onClick={() => void uploader.sendAgain()}>
            <Trans>Send it again</Trans>
          </button>
        )}
        <button
          type="button"
          className="button second"
          onClick={() => {
            uploader.forget();
          }}
        >
          <Trans>Give it up</Trans>
        </button>
      </p>
      {(at === 'broken' || at === 'left') && (
        <p>
          <Link to={to(id)}>
            <Trans>See whether it has arrived all the same</Trans>
          </Link>
        </p>
      )}
    </div>
  );
}

interface SendingProps {
  readonly file: File;
  readonly sent: number;
  readonly anew: boolean;
  readonly stop: Uploader;
}

function Sending({ file, sent, anew, stop }: SendingProps) {
  const { t } = useLingui();
  const size = useSize();
  const share = Math.min(sent / Math.max(file.size, 1), 1);
  const percent = Math.floor(share * 100);
  const quarter = Math.floor(share * 4) * 25;
  useEffect(() => {
    announce(t`${quarter} percent sent`); // seldom: who listens is told of each quarter
  }, [quarter, t]);
  const { name } = file;
  const [done, whole] = [size(Math.min(sent, file.size)), size(file.size)];
  return (
    <div className="card">
      {anew && (
        <p>
          <Trans>The address for the upload had expired. A new one was made.</Trans>
        </p>
      )}
      <p>
        {share < 1 ? (
          <Trans>
            Sending {name}: {done} of {whole}, {percent} percent.
          </Trans>
        ) : (
          <Trans>{name} is sent. Waiting until its arrival is confirmed…</Trans>
        )}
      </p>
      <progress value={share} aria-label={t`Upload`} />
      <p className="hint">
        <Trans>You can look at other pages here meanwhile. Do not close this window.</Trans>
      </p>
      <p className="buttons">
        <button
          type="button"
          className="button second"
          onClick={() => {
            stop.stop();
          }}
        >
          {share < 1 ? <Trans>Stop the upload</Trans> : <Trans>Stop waiting</Trans>}
        </button>
      </p>
    </div>
  );
}
