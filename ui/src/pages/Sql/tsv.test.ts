import { expect, test } from 'vitest';
import { tsvOf } from './tsv';

test('copies as spreadsheets take it', () => {
  const page = { columns: [{ name: 'a', type: 'varchar' }, { name: 'b', type: 'varchar' }], rows: [['x\ty', null], ['say "hi"', 2]] };
  expect(tsvOf(page)).toBe('a\tb\n"x\ty"\t\n"say ""hi"""\t2');
});
