import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { HomeView } from './types';

export function useHome() {
  return useQuery({
    queryKey: ['home'],
    queryFn: ({ signal }) => get<HomeView>('/home', signal),
    refetchInterval: 60_000,
  });
}
