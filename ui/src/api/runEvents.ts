import type { Run, RunDetail, TaskState } from './types';

/** What is known of a run, after an event "run". */
export function withRun(detail: RunDetail, run: Run): RunDetail {
  return detail.id === run.id ? { ...detail, ...run, tasks: detail.tasks } : detail;
}

/**
 * What is known of a run, after an event "task". An event that is older than what is known (events and
 * answers travel on different connections) changes nothing.
 */
export function withTask(detail: RunDetail, task: TaskState): RunDetail {
  const at = detail.tasks.findIndex((known) => known.task_id === task.task_id);
  if (at < 0) return { ...detail, tasks: [...detail.tasks, task] };
  const known = detail.tasks[at];
  if (known && task.attempt < known.attempt) return detail;
  return { ...detail, tasks: detail.tasks.with(at, task) };
}

/** The same list object when the run is not in it. */
export function withRunInList(runs: Run[], run: Run): Run[] {
  const at = runs.findIndex((known) => known.id === run.id);
  return at < 0 ? runs : runs.with(at, run);
}
