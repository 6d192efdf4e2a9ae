import type { DagTask, Localized, TaskRunState } from '../../api/types';

/** A task as a graph, a grid or a list needs it: from the DAG's file, from a run, or from both. */
export interface TaskNode {
  id: string;
  label: string;
  kind: string;
  kind_word?: Localized;
  upstream: string[];
  x: number;
  y: number;
  state: TaskRunState | null;
}

interface RunTask {
  task_id: string;
  kind: string;
  kind_word?: Localized;
  upstream: string[];
  state: TaskRunState;
}

/**
 * The tasks with the places that the server gave them. A run keeps the DAG that it was created with, so it may
 * have tasks that today's file lacks: if any is missing, all are placed here, by their longest way from a root.
 */
export function nodesOf(dagTasks: DagTask[], runTasks: RunTask[] | undefined): TaskNode[] {
  const states = new Map(runTasks?.map((task) => [task.task_id, task.state]));
  const placed = new Map(dagTasks.map((task) => [task.id, task]));
  if (!runTasks || runTasks.every((task) => placed.has(task.task_id))) {
    const ofRun = runTasks && new Set(runTasks.map((task) => task.task_id));
    return dagTasks
      .filter((task) => !ofRun || ofRun.has(task.id))
      .map((task) => ({ ...task, state: states.get(task.id) ?? null }))
      .toSorted(inReadingOrder);
  }
  const depths = depthsOf(runTasks);
  const rows = new Map<number, number>();
  return runTasks
    .map((task) => {
      const x = depths.get(task.task_id) ?? 0;
      const y = rows.get(x) ?? 0;
      rows.set(x, y + 1);
      const label = placed.get(task.task_id)?.label ?? task.task_id;
      return { id: task.task_id, label, kind: task.kind, kind_word: task.kind_word, upstream: task.upstream, x, y, state: task.state };
    })
    .toSorted(inReadingOrder);
}

function inReadingOrder(one: TaskNode, other: TaskNode) {
  return one.x - other.x || one.y - other.y;
}

function depthsOf(tasks: RunTask[]): Map<string, number> {
  const upstream = new Map(tasks.map((task) => [task.task_id, task.upstream]));
  const depths = new Map<string, number>();
  const depth = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // A cycle cannot come from the server; if one did, this ends all the same.
    depths.set(id, 0);
    const found = 1 + Math.max(-1, ...(upstream.get(id) ?? []).map(depth));
    depths.set(id, found);
    return found;
  };
  tasks.forEach((task) => depth(task.task_id));
  return depths;
}
