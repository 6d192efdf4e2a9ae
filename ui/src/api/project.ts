import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { Problem } from './types';

/** What is wrong with the project's files. The server looks at them every other second. */
export function useProblems(signedIn = true) {
  return useQuery({
    queryKey: ['problems'],
    queryFn: ({ signal }) => get<Problem[]>('/project/problems', signal),
    enabled: signedIn,
    staleTime: 2_000,
    refetchInterval: 15_000,
  });
}
