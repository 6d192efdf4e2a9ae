import { expect, test } from 'vitest';
import { pagesOf } from './queries';

test('rows in view name the pages they lie on', () => {
  expect(pagesOf(0, 40, 100_000)).toEqual([0]);
  expect(pagesOf(490, 520, 100_000)).toEqual([0, 1]);
  expect(pagesOf(99_980, 100_020, 100_000)).toEqual([199]);
});

test('a result without rows has no pages', () => {
  expect(pagesOf(0, 0, 0)).toEqual([]);
});

test('negative rows are none', () => {
  expect(pagesOf(-10, 5, 700)).toEqual([0]);
});
