import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, UnreachableError } from '../api/client';

/**
 * One cache for all pages. An answer 401, wherever it comes from, means that the session is over: the shell
 * then shows the sign-in. Only a server that does not answer is asked again by itself.
 */
export function makeQueryClient(): QueryClient {
  const onError = (failure: Error) => {
    if (failure instanceof ApiError && failure.status === 401) client.setQueryData(['session'], null);
    if (failure instanceof UnreachableError) void client.invalidateQueries({ queryKey: ['health'] });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (failure, query) => {
        if (query.queryKey[0] !== 'health') onError(failure);
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (times, failure) => failure instanceof UnreachableError && times < 2,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
