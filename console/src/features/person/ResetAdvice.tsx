import { Trans } from '@lingui/react/macro';
import type { CredentialOut, UserOut } from '@/api';
import { Advice } from './Advice';
import { adviceOn } from './guidance';
import { Sharing } from './Sharing';

interface ResetAdviceProps {
  readonly user: UserOut;
  readonly credential: CredentialOut;
  /** Where several are chosen: which one it is about. */
  readonly heading: string | null;
}

/** What is known of one credential before it is reset: that it came back, what helps, for whom it opens, too. */
export function ResetAdvice({ user, credential, heading }: ResetAdviceProps) {
  // Who shares it stands below, by name.
  const advice = adviceOn(user.guidance, credential.kind).filter(({ code }) => code !== 'shared');
  return (
    <div className="note">
      {heading && <h3>{heading}</h3>}
      {credential.reason && (
        <p>
          <strong>{credential.reason}</strong>
        </p>
      )}
      <Advice advice={advice} typed={credential.typed} />
      {credential.shared && (
        <>
          <Sharing credential={credential} links={false} />
          <p>
            <Trans>It opens for them, too.</Trans>
          </p>
        </>
      )}
    </div>
  );
}
