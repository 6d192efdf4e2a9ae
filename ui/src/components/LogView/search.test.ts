import { expect, test } from 'vitest';
import { matchesOf, partsOf } from './search';

const lines = ['Read batch 1', 'slow', 'READ batch 2'].map((text, n) => ({ n, at: '', level: 'INFO', text }));

test('finds lines whatever the case', () => {
  expect(matchesOf(lines, 'read')).toEqual([0, 2]);
  expect(matchesOf(lines, '  ')).toEqual([]);
});

test('cuts a line so that odd parts are the found ones', () => {
  expect(partsOf('a Read b read', 'read')).toEqual(['a ', 'Read', ' b ', 'read', '']);
  expect(partsOf('x', '')).toEqual(['x']);
});
