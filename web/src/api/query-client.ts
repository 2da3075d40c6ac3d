import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isNotSignedIn, ProblemError } from './problem-error';
import { meQuery } from './queries';

const RETRIES = 2;

/** The cache of what the API said. Whoever is not signed in any more is shown the way to sign in. */
export function createQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isNotSignedIn(error)) queries.setQueryData(meQuery.queryKey, null);
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < RETRIES && error instanceof ProblemError && error.isPassing,
        // The stream of events says what is old; coming back to a tab is worth a look all the same.
        staleTime: 5_000,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return queries;
}
