import { expect, test } from 'vitest';
import { isOfKind } from './params';

test('a value is of the kind of its default, or it is not sent', () => {
  expect(['12', '-0.5', '', 'many', '1e3'].map((value) => isOfKind(value, 'number'))).toEqual([true, true, false, false, false]);
  expect(['2024-09-01', '', 'yesterday'].map((value) => isOfKind(value, 'date'))).toEqual([true, false, false]);
  expect(['true', 'false', 'perhaps'].map((value) => isOfKind(value, 'flag'))).toEqual([true, true, false]);
  expect(isOfKind('2A004', 'text')).toBe(true);
});
