import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, path, post } from './client';
import type { Dag, DagSummary, Run } from './types';

export function useDags() {
  return useQuery({
    queryKey: ['dags'],
    queryFn: ({ signal }) => get<DagSummary[]>('/dags', signal),
    refetchInterval: 60_000,
  });
}

export function useDag(id: string) {
  return useQuery({ queryKey: ['dags', id], queryFn: ({ signal }) => get<Dag>(path`/dags/${id}`, signal) });
}

export function useTriggerRun(dag: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (params: Record<string, string> = {}) => post<Run>(path`/dags/${dag}/runs`, { params }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['runs'] }),
        queries.invalidateQueries({ queryKey: ['dags'] }),
        queries.invalidateQueries({ queryKey: ['home'] }),
      ]),
  });
}
