import type { RunDetail, TaskState } from '../../api/types';

export interface Span {
  from: number;
  to: number;
}

/** From the run's start to its end, or to `now` while it goes on; wider where a task's times say so. */
export function spanOf(run: Pick<RunDetail, 'started_at' | 'created_at' | 'ended_at' | 'tasks'>, now: number): Span {
  const starts = run.tasks.flatMap((task) => (task.started_at ? [Date.parse(task.started_at)] : []));
  const ends = run.tasks.flatMap((task) => (task.ended_at ? [Date.parse(task.ended_at)] : []));
  const from = Math.min(Date.parse(run.started_at ?? run.created_at), ...starts);
  const to = Math.max(run.ended_at ? Date.parse(run.ended_at) : now, ...ends, from + 1);
  return { from, to };
}

/** Where the bar of a task stands in the span, in percent; never thinner than can be seen. */
export function barOf(task: Pick<TaskState, 'started_at' | 'ended_at'>, span: Span, now: number): { left: number; width: number } | null {
  if (task.started_at === null) return null;
  const length = span.to - span.from;
  const start = Date.parse(task.started_at);
  const end = task.ended_at ? Date.parse(task.ended_at) : Math.max(now, start);
  const width = Math.max(0.7, ((end - start) / length) * 100);
  const left = Math.max(0, Math.min(((start - span.from) / length) * 100, 100 - width));
  return { left, width: Math.min(width, 100) };
}
