import { Trans } from '@lingui/react/macro';

interface ActOrCancelProps {
  readonly act: string;
  readonly acting: string;
  readonly isDanger?: boolean;
  readonly isPending: boolean;
  readonly isLooking: boolean;
  readonly close: () => void;
}

/** The two ways out of an act's dialog; while it is under way there is neither. */
export function ActOrCancel({
  act,
  acting,
  isDanger = false,
  isPending,
  isLooking,
  close,
}: ActOrCancelProps) {
  return (
    <p className="buttons">
      <button
        type="submit"
        className={isDanger ? 'button danger' : 'button'}
        aria-disabled={isPending || isLooking}
      >
        {isPending ? acting : isLooking ? <Trans>Looking…</Trans> : act}
      </button>
      <button
        type="button"
        className="button second"
        aria-disabled={isPending}
        onClick={() => {
          if (!isPending) close();
        }}
      >
        <Trans>Cancel</Trans>
      </button>
    </p>
  );
}
