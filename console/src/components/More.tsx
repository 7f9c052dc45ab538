import { Trans } from '@lingui/react/macro';
import { Failed } from './Failed';

interface MoreProps {
  readonly query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError?: boolean;
    error?: unknown;
    fetchNextPage: () => unknown;
  };
}

/** The rest of a list, a page at a time. */
export function More({ query }: MoreProps) {
  if (!query.hasNextPage) return null;
  if (query.isFetchNextPageError && !query.isFetchingNextPage)
    return (
      <Failed
        error={query.error}
        retry={() => {
          query.fetchNextPage();
        }}
      />
    );
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
