import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { Problem } from './types';

const NOW_AND_THEN = 15_000;

/** While somebody mends them; the server looks at the files every other second. */
export const AS_THEY_ARE_MENDED = 2_000;

/** What is wrong with the project's files. */
export function useProblems(signedIn = true, every = NOW_AND_THEN) {
  return useQuery({
    queryKey: ['problems'],
    queryFn: ({ signal }) => get<Problem[]>('/project/problems', signal),
    enabled: signedIn,
    staleTime: 2_000,
    refetchInterval: every,
  });
}
