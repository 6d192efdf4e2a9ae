import { expect, test } from 'vitest';
import { move } from './move';

const size = { rows: 40, columns: 10 };

test('arrows move by one and stop at the edges', () => {
  expect(move({ row: 0, column: 0 }, 'ArrowUp', size)).toEqual({ row: 0, column: 0 });
  expect(move({ row: 0, column: 0 }, 'ArrowRight', size)).toEqual({ row: 0, column: 1 });
  expect(move({ row: 39, column: 9 }, 'ArrowDown', size)).toEqual({ row: 39, column: 9 });
});

test('pages, Home and End move further', () => {
  expect(move({ row: 5, column: 4 }, 'PageDown', size)).toEqual({ row: 20, column: 4 });
  expect(move({ row: 5, column: 4 }, 'End', size)).toEqual({ row: 5, column: 9 });
});

test('other keys do not move', () => {
  expect(move({ row: 0, column: 0 }, 'a', size)).toBeNull();
});
