import { Trans } from '@lingui/react/macro';

interface MoreProps {
  readonly query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** The rest of a list, a page at a time. */
export function More({ query }: MoreProps) {
  if (!query.hasNextPage) return null;
  return (
    <p>
      <button
        type="button"
        className="button second"
        aria-disabled={query.isFetchingNextPage}
        onClick={() => {
          if (!query.isFetchingNextPage) query.fetchNextPage();
        }}
      >
        {query.isFetchingNextPage ? <Trans>Loading…</Trans> : <Trans>Show more</Trans>}
      </button>
    </p>
  );
}
