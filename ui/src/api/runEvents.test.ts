import { expect, test } from 'vitest';
import { withRun, withRunInList, withTask } from './runEvents';
import type { RunDetail, TaskState } from './types';

const task = (id: string, state: TaskState['state'], attempt = 1): TaskState => ({
  task_id: id, kind: 'load', state, attempt, max_attempts: 3, started_at: null, ended_at: null, duration_ms: null,
  rows: null, bytes: null, progress: null, error: null, upstream: [], facts: {},
});
const run: RunDetail = {
  id: 'r1', dag_id: 'd', state: 'running', trigger: 'manual', logical_time: '2026-11-24T03:00:00Z', created_at: '2026-11-24T03:00:00Z',
  started_at: null, ended_at: null, duration_ms: null, published: false, rolled_back: false, error: null,
  tasks: [task('a', 'success'), task('b', 'running', 2)],
};

test('a task event changes that task only', () => {
  const next = withTask(run, task('b', 'success', 2));
  expect(next.tasks.map((one) => one.state)).toEqual(['success', 'success']);
  expect(next.tasks[0]).toBe(run.tasks[0]);
});

test('a late event of an earlier attempt changes nothing', () => {
  expect(withTask(run, task('b', 'failed', 1))).toBe(run);
});

test('a task that was not known is added', () => {
  expect(withTask(run, task('c', 'queued')).tasks).toHaveLength(3);
});

test('a run event keeps the tasks and does not touch another run', () => {
  const { tasks, ...bare } = run;
  expect(withRun(run, { ...bare, state: 'failed' })).toMatchObject({ state: 'failed', tasks });
  expect(withRun(run, { ...bare, id: 'r2', state: 'failed' })).toBe(run);
});

test('a list without the run stays the same object', () => {
  const list = [run];
  expect(withRunInList(list, { ...run, id: 'r2' })).toBe(list);
  expect(withRunInList(list, { ...run, state: 'success' })[0]?.state).toBe('success');
});
