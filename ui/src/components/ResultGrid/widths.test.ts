import { expect, test } from 'vitest';
import { resized, widthsOf } from './widths';

const show = (value: unknown) => String(value);

test('columns are as wide as their first values need, within limits', () => {
  const widths = widthsOf([{ name: 'id', type: 'int' }, { name: 'text', type: 'varchar' }], [[1, 'x'.repeat(500)]], show);
  expect(widths[0]).toBe(64);
  expect(widths[1]).toBe(340);
});

test('a column is never dragged out of sight', () => {
  expect(resized(60, -500)).toBe(40);
});
