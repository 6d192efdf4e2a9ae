import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, get, path, post, url } from './client';
import type { Cell, QueryRunState, QueryStatus, QuerySubmitted, QuerySummary, Rows } from './types';

export const PAGE_ROWS = 500;

export function useSubmitQuery() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ sql, run }: { sql: string; run: string | null }) => post<QuerySubmitted>('/queries', { sql, ...(run && { run }) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['queries', 'history'] }),
  });
}

/** The state of an expired query comes in capitals. */
function stated<Q extends { state: QueryRunState }>(query: Q): Q {
  return { ...query, state: query.state.toLowerCase() as QueryRunState };
}

/** How a query stands; asked again, less and less often, until it ends. */
export function useQueryStatus(id: string | null) {
  return useQuery({
    queryKey: ['queries', 'status', id],
    queryFn: async ({ signal }) => stated(await get<QueryStatus>(path`/queries/${id ?? ''}`, signal)),
    enabled: id !== null,
    refetchInterval: (query) =>
      query.state.data?.state === 'running' ? Math.min(250 + query.state.dataUpdateCount * 100, 2_000) : false,
    staleTime: (query) => (query.state.data?.state === 'running' ? 0 : Infinity),
  });
}

export function useCancelQuery() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<void>(path`/queries/${id}/cancel`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['queries'] }),
  });
}

export function useQueryHistory(open: boolean) {
  return useQuery({
    queryKey: ['queries', 'history'],
    queryFn: async ({ signal }) => (await get<QuerySummary[]>('/queries', signal)).map(stated),
    enabled: open,
    placeholderData: keepPreviousData,
  });
}

/** The pages that rows `first` to `last` (both inclusive) lie on. */
export function pagesOf(first: number, last: number, total: number): number[] {
  const from = Math.floor(Math.max(first, 0) / PAGE_ROWS);
  const to = Math.floor(Math.min(last, total - 1) / PAGE_ROWS);
  return Array.from({ length: Math.max(to - from + 1, 0) }, (_, i) => from + i);
}

/** Those pages of a result that are asked for: a row is undefined until its page has come. */
export function useQueryRows(id: string, pages: number[]) {
  const queries = useQueryClient();
  const fetchPage = async (page: number, signal: AbortSignal) => {
    try {
      return await get<Rows>(path`/queries/${id}/rows` + `?offset=${page * PAGE_ROWS}&limit=${PAGE_ROWS}`, signal);
    } catch (failure) {
      // The result has had its time since; asked again, the query says so.
      if (failure instanceof ApiError && failure.status < 500) void queries.invalidateQueries({ queryKey: ['queries', 'status', id] });
      throw failure;
    }
  };
  return useQueries({
    queries: pages.map((page) => ({
      queryKey: ['queries', 'rows', id, page],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage(page, signal),
      staleTime: Infinity,
      gcTime: 2 * 60_000,
    })),
    combine: (results) => {
      const loaded = new Map(results.flatMap((one, i) => (one.data ? [[pages[i] ?? 0, one.data.rows] as const] : [])));
      return {
        row: (index: number): Cell[] | undefined => loaded.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
        error: results.find((one) => one.error)?.error ?? null,
      };
    },
  });
}

/** What the server hands out a result as; it names the file after what was read, and when. */
export type DownloadFormat = 'csv' | 'csv-excel-fr' | 'xlsx' | 'json' | 'parquet';

export function downloadUrl(id: string, format: DownloadFormat): string {
  return url(path`/queries/${id}/export` + `?format=${format}`);
}
