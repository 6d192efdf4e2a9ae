import type { TaskState } from '../../api/types';

export interface Obstacle {
  run: string;
  why: 'dag' | 'tables';
}

/** What the server's sentence says; null if it says something else. */
export function obstacleOf(sentence: string): Obstacle | null {
  const [, run, rest] = /^Waits for run ([^\s,]+)(.*)$/.exec(sentence) ?? [];
  if (run === undefined || rest === undefined) return null;
  if (rest.includes('same DAG')) return { run, why: 'dag' };
  return rest.includes('same tables') ? { run, why: 'tables' } : null;
}

/** The tasks right before this one that have not ended well yet. */
export function upstreamUnderWay(task: TaskState, tasks: TaskState[]): string[] {
  const states = new Map(tasks.map((one) => [one.task_id, one.state]));
  return task.upstream.filter((id) => !['success', 'skipped'].includes(states.get(id) ?? 'success'));
}
