import { expect, test } from 'vitest';
import { positionOf } from './position';
import { schemaOf } from './schema';

const text = 'select id,\n  slect nothing\nfrom erp.students';
const word = (line: number, column: number) => {
  const at = positionOf(text, { line, column });
  return at && text.slice(at.from, at.to);
};

test('an error underlines the word at its place', () => {
  expect(word(2, 3)).toBe('slect');
  expect(word(3, 6)).toBe('erp.students');
});

test('an error at the end of a line underlines what stands before', () => {
  expect(word(1, 99)).toBe(',');
});

test('an error without a place, or with one outside the text, underlines nothing', () => {
  expect(positionOf(text, {})).toBeNull();
  expect(positionOf(text, { line: 9, column: 1 })).toBeNull();
  expect(positionOf('', { line: 1, column: 1 })).toBeNull();
});

test('the catalog becomes schemas of tables of columns', () => {
  expect(schemaOf({ tables: [{ name: 'erp.students', columns: ['id'] }, { name: 'erp.grades', columns: ['grade'] }] })).toEqual({
    erp: { students: ['id'], grades: ['grade'] },
  });
});
