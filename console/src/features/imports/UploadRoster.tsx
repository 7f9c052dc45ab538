import { UploadProgress } from '@/components/UploadProgress';
import { useUpload } from '@/components/uploader';
import { RosterForm } from './RosterForm';
import { uploads } from './uploads';

/** Send a roster; its import's page opens once it is there. */
export function UploadRoster({ checkFirst = true }: { readonly checkFirst?: boolean }) {
  const upload = useUpload(uploads);
  return (
    <>
      <UploadProgress uploader={uploads} to={pageOf} />
      {upload.at === 'none' && <RosterForm checkFirst={checkFirst} />}
    </>
  );
}

function pageOf(id: string): string {
  return `/imports/${id}`;
}
