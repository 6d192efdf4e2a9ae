import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, get, post, send } from './client';
import type { Health, Session } from './types';

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async ({ signal }) => {
      try {
        return await get<Session>('/session', signal);
      } catch (failure) {
        if (failure instanceof ApiError && failure.status === 401) return null;
        throw failure;
      }
    },
    staleTime: 5 * 60_000,
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (code: string) => post<void>('/session', { code }),
    // Forget that nobody was signed in, or the sign-in would be shown once more.
    onSuccess: () => queries.resetQueries({ queryKey: ['session'] }),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => send('DELETE', '/session'),
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(['session'], null);
    },
  });
}

/** A server that is lost, even one that hangs, is said to be within three seconds: asked so often, waited for so long. */
const ASK_MS = 1_200;
const ANSWER_MS = 1_400;

/** Open to all: says whether the server is there; asked again and again while the page is in view. */
export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => get<Health>('/health', AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])),
    refetchInterval: ASK_MS,
    retry: false,
  });
}
