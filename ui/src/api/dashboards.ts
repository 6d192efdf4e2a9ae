import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { get, path, send } from './client';
import { readNdjson } from './ndjson';
import type { Dashboard, DashboardSummary, TileData } from './types';

export function useDashboards() {
  return useQuery({ queryKey: ['dashboards'], queryFn: ({ signal }) => get<DashboardSummary[]>('/dashboards', signal) });
}

export function useDashboard(id: string) {
  return useQuery({
    queryKey: ['dashboards', id],
    queryFn: ({ signal }) => get<Dashboard>(path`/dashboards/${id}`, signal),
  });
}

export interface DashboardData {
  tiles: Map<string, TileData>;
  loading: boolean;
  failure: unknown;
  /** Asks again for all tiles, or for some. What is shown stays until its successor comes. */
  reload: (tiles?: string[]) => void;
}

/** The data of all tiles by one request; each is there as soon as its line has come. */
export function useDashboardData(id: string): DashboardData {
  const cache = useQueryClient();
  const key = ['dashboard-data', id];
  const [tiles, setTiles] = useState(() => cache.getQueryData<Map<string, TileData>>(key) ?? new Map<string, TileData>());
  const [request, setRequest] = useState<{ only?: string[] }>({});
  const [loading, setLoading] = useState(true);
  const [failure, setFailure] = useState<unknown>(null);
  const latest = useRef(tiles);

  useEffect(() => {
    const abort = new AbortController();
    const take = (data: TileData) => {
      latest.current = new Map(latest.current).set(data.tile, data);
      setTiles(latest.current);
      cache.setQueryData(['dashboard-data', id], latest.current);
    };
    const read = async () => {
      setLoading(true);
      setFailure(null);
      const body = request.only ? { tiles: request.only } : {};
      const response = await send('POST', path`/dashboards/${id}/data`, body, abort.signal);
      if (response.body) for await (const data of readNdjson<TileData>(response.body)) take(data);
    };
    read()
      .catch((problem: unknown) => {
        if (!abort.signal.aborted) setFailure(problem);
      })
      .finally(() => {
        if (!abort.signal.aborted) setLoading(false);
      });
    return () => abort.abort();
  }, [id, request, cache]);

  return { tiles, loading, failure, reload: (only) => setRequest({ only }) };
}
