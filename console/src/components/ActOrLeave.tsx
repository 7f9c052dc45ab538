import { Trans } from '@lingui/react/macro';

interface ActOrLeaveProps {
  readonly act: React.ReactNode;
  readonly acting: React.ReactNode;
  readonly isDanger?: boolean;
  readonly isPending: boolean;
  readonly leave: () => void;
}

/** The two ways out of a form that asks once more. Under way there is neither: what was sent is not taken back. */
export function ActOrLeave({ act, acting, isDanger = false, isPending, leave }: ActOrLeaveProps) {
  return (
    <p className="buttons">
      <button type="submit" className={isDanger ? 'button danger' : 'button'} aria-disabled={isPending}>
        {isPending ? acting : act}
      </button>
      <button
        type="button"
        className="button second"
        aria-disabled={isPending}
        onClick={() => {
          if (!isPending) leave();
        }}
      >
        <Trans>Leave it as it is</Trans>
      </button>
    </p>
  );
}
