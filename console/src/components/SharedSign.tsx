import { Trans } from '@lingui/react/macro';

/** That several people have an address or a number: the same sign wherever one is shown, and its word. */
export function SharedSign() {
  return (
    <strong className="shared-sign">
      <svg
        viewBox="0 0 20 16"
        width="20"
        height="16"
        aria-hidden="true"
        focusable="false"
        fill="currentColor"
      >
        <circle cx="7" cy="4" r="3.25" />
        <path d="M0.5 15c0-4 2.6-6.25 6.5-6.25S13.5 11 13.5 15z" />
        <path d="M12.2 7.1a3.25 3.25 0 1 0-1.6-6.1 5.1 5.1 0 0 1 1.6 6.1zM15.4 15h4.1c0-3.6-2-5.9-5.3-6.2-.6 0-1 0-1.5.1 1.8 1.3 2.7 3.4 2.7 6.1z" />
      </svg>{' '}
      <Trans>Shared</Trans>
    </strong>
  );
}
