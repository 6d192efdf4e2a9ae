import { useQuery } from '@tanstack/react-query';
import { get, path } from './client';
import type { Batch, BatchDetail, StreamBatches } from './types';

/** The streams that have batches; of one source or of one run, if asked. */
export function useStreams({ source, run }: { source?: string; run?: string }) {
  const query = new URLSearchParams();
  if (source !== undefined) query.set('source', source);
  if (run !== undefined) query.set('run', run);
  return useQuery({
    queryKey: ['batches', 'streams', source ?? '', run ?? ''],
    queryFn: ({ signal }) => get<StreamBatches[]>(`/batches?${query}`, signal),
  });
}

export function useBatches(source: string, stream: string) {
  return useQuery({
    queryKey: ['batches', 'list', source, stream],
    queryFn: ({ signal }) => get<Batch[]>(path`/batches/${source}/${stream}`, signal),
  });
}

export function useBatch(source: string, stream: string, extract: string) {
  return useQuery({
    queryKey: ['batches', 'one', source, stream, extract],
    queryFn: ({ signal }) => get<BatchDetail>(path`/batches/${source}/${stream}/${extract}`, signal),
    // A batch does not change; only what stands before it may be removed.
    staleTime: 60_000,
  });
}

export function batchPath(batch: { source: string; stream: string; extract_id: string }): string {
  return `/batches${path`/${batch.source}/${batch.stream}/${batch.extract_id}`}`;
}
