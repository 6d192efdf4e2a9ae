import { useQuery } from '@tanstack/react-query';
import { get, path } from './client';
import type { Catalog, Completions, Rows, Snapshot, TableDetail } from './types';

export function useCatalog() {
  return useQuery({ queryKey: ['catalog'], queryFn: ({ signal }) => get<Catalog>('/catalog', signal) });
}

export function useTable(schema: string, table: string) {
  return useQuery({
    queryKey: ['catalog', 'table', schema, table],
    queryFn: ({ signal }) => get<TableDetail>(path`/catalog/tables/${schema}/${table}`, signal),
  });
}

export function useSample(schema: string, table: string) {
  return useQuery({
    queryKey: ['catalog', 'sample', schema, table],
    queryFn: ({ signal }) => get<Rows>(path`/catalog/tables/${schema}/${table}/sample` + '?limit=50', signal),
  });
}

export function useSnapshots(schema: string, table: string) {
  return useQuery({
    queryKey: ['catalog', 'snapshots', schema, table],
    queryFn: ({ signal }) => get<Snapshot[]>(path`/catalog/tables/${schema}/${table}/snapshots`, signal),
  });
}

export function useCompletions() {
  return useQuery({
    queryKey: ['catalog', 'completions'],
    queryFn: ({ signal }) => get<Completions>('/catalog/completions', signal),
    staleTime: 60_000,
  });
}
