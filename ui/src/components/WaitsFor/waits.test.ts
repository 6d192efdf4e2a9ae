import { expect, test } from 'vitest';
import type { TaskState } from '../../api/types';
import { obstacleOf, upstreamUnderWay } from './waits';

test('the run that is waited for is known by its id, and why', () => {
  expect(obstacleOf('Waits for run erp_daily-20261128T030000-1a2b of the same DAG')).toEqual({ run: 'erp_daily-20261128T030000-1a2b', why: 'dag' });
  expect(obstacleOf('Waits for run x-1, which writes the same tables')).toEqual({ run: 'x-1', why: 'tables' });
  expect(obstacleOf('Waits for better weather')).toBeNull();
});

test('a pending task waits for those before it that are not through', () => {
  const task = (task_id: string, state: TaskState['state'], upstream: string[] = []) => ({ task_id, state, upstream }) as TaskState;
  const tasks = [task('a', 'success'), task('b', 'running'), task('c', 'retrying'), task('d', 'pending', ['a', 'b', 'c'])];
  expect(upstreamUnderWay(tasks[3]!, tasks)).toEqual(['b', 'c']);
});
