import {
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import { get, path, post } from './client';
import { useLive } from './live';
import { withRun, withRunInList, withTask } from './runEvents';
import type { Attempt, Run, RunDetail, RunPage, RunState, TaskState } from './types';

export interface RunFilter {
  dag?: string;
  state?: RunState;
  limit?: number;
}

export function isOver(state: RunState): boolean {
  return state === 'success' || state === 'failed' || state === 'cancelled';
}

export function useRuns(filter: RunFilter) {
  return useInfiniteQuery({
    queryKey: ['runs', 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      if (filter.dag !== undefined) query.set('dag', filter.dag);
      if (filter.state !== undefined) query.set('state', filter.state);
      query.set('limit', String(filter.limit ?? 50));
      if (pageParam !== null) query.set('before', pageParam);
      return get<RunPage>(`/runs?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

function runQuery(id: string) {
  return {
    queryKey: ['runs', 'one', id],
    queryFn: ({ signal }: { signal: AbortSignal }) => get<RunDetail>(path`/runs/${id}`, signal),
  };
}

export function useRun(id: string) {
  return useQuery({
    ...runQuery(id),
    // Only a safety net: the events tell everything as long as they arrive.
    refetchInterval: (query) => (query.state.data && !isOver(query.state.data.state) ? 10_000 : false),
  });
}

/** Several runs with their tasks. Those that ended are asked for once only. */
export function useRunDetails(runs: Run[]) {
  return useQueries({
    queries: runs.map((run) => ({ ...runQuery(run.id), staleTime: isOver(run.state) ? 10 * 60_000 : 5_000 })),
    combine: (results) => new Map(results.flatMap((one) => (one.data ? [[one.data.id, one.data] as const] : []))),
  });
}

/** Keeps `useRun(id)` live by the run's events until it ends. */
export function useRunEvents(id: string, over: boolean) {
  const queries = useQueryClient();
  const change = (by: (detail: RunDetail) => RunDetail) =>
    queries.setQueryData<RunDetail>(['runs', 'one', id], (detail) => detail && by(detail));
  const fetchAgain = () => void queries.invalidateQueries({ queryKey: ['runs', 'one', id] });
  return useLive(
    over ? null : path`/runs/${id}/events`,
    {
      run: (run) => change((detail) => withRun(detail, run as Run)),
      task: (task) => change((detail) => withTask(detail, task as TaskState)),
      end: fetchAgain,
    },
    fetchAgain,
  );
}

/** Keeps every list of runs live, on whatever page. */
export function useAllRunEvents(signedIn: boolean) {
  const queries = useQueryClient();
  const hear = (run: Run) => {
    spreadRun(queries, run);
    // Whoever shows this run stops to listen to its tasks now, maybe before the last of them was told.
    if (isOver(run.state)) void queries.invalidateQueries({ queryKey: ['runs', 'one', run.id] });
  };
  return useLive(signedIn ? '/events' : null, { run: (run) => hear(run as Run) }, () => {
    void queries.invalidateQueries({ queryKey: ['runs', 'list'] });
    void queries.invalidateQueries({ queryKey: ['home'] });
    void queries.invalidateQueries({ queryKey: ['dags'] });
  });
}

function spreadRun(queries: QueryClient, run: Run) {
  let known = false;
  queries.setQueriesData<{ pages: RunPage[]; pageParams: unknown[] }>({ queryKey: ['runs', 'list'] }, (data) => {
    if (!data) return data;
    const pages = data.pages.map((page) => {
      const runs = withRunInList(page.runs, run);
      known ||= runs !== page.runs;
      return runs === page.runs ? page : { ...page, runs };
    });
    return { ...data, pages };
  });
  queries.setQueryData<RunDetail>(['runs', 'one', run.id], (detail) => detail && withRun(detail, run));
  if (!known) void queries.invalidateQueries({ queryKey: ['runs', 'list'] });
  void queries.invalidateQueries({ queryKey: ['home'] });
  void queries.invalidateQueries({ queryKey: ['dags'] });
  if (isOver(run.state)) void queries.invalidateQueries({ queryKey: ['catalog'] });
}

function useRunAction<Variables, Result>(id: string, act: (variables: Variables) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () =>
      Promise.all(
        [['runs'], ['home'], ['dags'], ['catalog']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
    mutationKey: ['runs', id],
  });
}

export function useCancelRun(id: string) {
  return useRunAction(id, () => post<void>(path`/runs/${id}/cancel`));
}

/** Retries every failed task, or one task and all that depends on it. */
export function useRetryRun(id: string) {
  return useRunAction(id, (from?: string) => post<Run>(path`/runs/${id}/retry`, from === undefined ? {} : { from }));
}

export function useRollbackRun(id: string) {
  return useRunAction(id, () => post<{ tables: string[] }>(path`/runs/${id}/rollback`));
}

/** The attempts of a task. `turn` changes with each state of the task, so that a new attempt is seen at once. */
export function useAttempts(run: string, task: string, turn: string) {
  return useQuery({
    queryKey: ['attempts', run, task, turn],
    queryFn: ({ signal }) => get<Attempt[]>(path`/runs/${run}/tasks/${task}/attempts`, signal),
    placeholderData: (previous) => previous,
  });
}
