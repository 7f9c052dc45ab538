import { Trans } from '@lingui/react/macro';
import { isLikeAnAddress } from './looked-for';

/** What may help where nobody was found. */
export function NothingFound({ text }: { readonly text: string }) {
  return (
    <div className="note">
      <p>
        <strong>
          <Trans>Nothing found.</Trans>
        </strong>
      </p>
      <ul>
        {isLikeAnAddress(text) ? (
          <>
            <li>
              <Trans>An email address or a phone number is found only when it is whole and right.</Trans>
            </li>
            <li>
              <Trans>Try the name: the address may have changed, or be nobody's in the records.</Trans>
            </li>
          </>
        ) : (
          <li>
            <Trans>
              Look at the spelling. The beginning of a name is enough, such as “mar lop” for Maria Lopez.
            </Trans>
          </li>
        )}
        <li>
          <Trans>
            You find only people and classes of your schools. Who is elsewhere, or not yet in the student
            information system, is not shown.
          </Trans>
        </li>
      </ul>
    </div>
  );
}
