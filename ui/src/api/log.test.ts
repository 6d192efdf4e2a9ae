import { expect, test } from 'vitest';
import { emptyLog, logReducer } from './log';
import type { LogLine } from './types';

const line = (n: number): LogLine => ({ n, at: '2026-11-24T03:00:00Z', level: 'INFO', text: `line ${n}` });
const numbers = (log: { lines: LogLine[] }) => log.lines.map((one) => one.n);

test('fetches page after page, then follows while the attempt goes on', () => {
  let log = logReducer(emptyLog, { type: 'page', page: { lines: [line(1), line(2)], next: 2, complete: false } });
  expect(log).toMatchObject({ phase: 'fetching', next: 2 });
  log = logReducer(log, { type: 'page', page: { lines: [], next: 2, complete: false } });
  expect(log.phase).toBe('following');
});

test('ends when the last page is empty and the attempt is over', () => {
  const some = logReducer(emptyLog, { type: 'page', page: { lines: [line(1)], next: 1, complete: true } });
  expect(some.phase).toBe('fetching');
  expect(logReducer(some, { type: 'page', page: { lines: [], next: 1, complete: true } }).phase).toBe('complete');
});

test('takes a line once, whether a page or an event brings it first', () => {
  let log = logReducer(emptyLog, { type: 'page', page: { lines: [line(1), line(2)], next: 2, complete: false } });
  log = logReducer(log, { type: 'line', line: line(2) });
  log = logReducer(log, { type: 'line', line: line(3) });
  log = logReducer(log, { type: 'page', page: { lines: [line(2), line(3), line(4)], next: 4, complete: false } });
  expect(numbers(log)).toEqual([1, 2, 3, 4]);
});

test('a failure keeps what has come', () => {
  const log = logReducer(logReducer(emptyLog, { type: 'line', line: line(1) }), { type: 'failed', failure: new Error('gone') });
  expect(log).toMatchObject({ phase: 'complete' });
  expect(numbers(log)).toEqual([1]);
});
