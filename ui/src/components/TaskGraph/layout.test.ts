import { expect, test } from 'vitest';
import type { DagTask } from '../../api/types';
import { nodesOf } from './layout';

const dag: DagTask[] = [
  { id: 'b', kind: 'load', label: 'b', upstream: ['a'], x: 1, y: 0 },
  { id: 'a', kind: 'extract', label: 'a', upstream: [], x: 0, y: 0 },
];

test('tasks stand where the server placed them, in reading order', () => {
  expect(nodesOf(dag, undefined).map((node) => [node.id, node.x, node.state])).toEqual([['a', 0, null], ['b', 1, null]]);
});

test('a run of an older DAG is placed by its own edges', () => {
  const nodes = nodesOf(dag, [
    { task_id: 'a', kind: 'extract', upstream: [], state: 'success' },
    { task_id: 'old', kind: 'load', upstream: ['a'], state: 'failed' },
    { task_id: 'end', kind: 'publish', upstream: ['a', 'old'], state: 'upstream_failed' },
  ]);
  expect(nodes.map((node) => [node.id, node.x, node.state])).toEqual([['a', 0, 'success'], ['old', 1, 'failed'], ['end', 2, 'upstream_failed']]);
});

test('a task that the run does not have is not shown as part of it', () => {
  expect(nodesOf(dag, [{ task_id: 'a', kind: 'extract', upstream: [], state: 'running' }]).map((node) => node.id)).toEqual(['a']);
});
