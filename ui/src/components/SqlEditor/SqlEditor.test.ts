import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import type { Completions } from '../../api/types';

import { positionOf } from './position';
import { complete } from './complete';

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

const known: Completions = {
  tables: [
    { name: 'marts.students', columns: ['student_id', 'campus', 'average_grade'] },
    { name: 'marts.leavers', columns: ['month', 'reason'] },
    { name: 'erp.campuses', columns: ['id', 'name', 'Région'] },
  ],
  keywords: ['select', 'from', 'where', 'qualify', 'case'],
  types: ['varchar', 'hugeint'],
  functions: [{ name: 'cast_to', kind: 'scalar', parameters: 'a' }, { name: 'date_trunc', kind: 'scalar', parameters: 'part, date' }, { name: 'range', kind: 'table', parameters: '' }],
};

/** What is offered at `|`, as far as it begins with what is written there. */
function offered(marked: string): string[] {
  const at = marked.indexOf('|');
  const state = EditorState.create({ doc: marked.replace('|', '') });
  const result = complete(new CompletionContext(state, at, false), known);
  const begun = state.sliceDoc(result?.from ?? at, at).toLowerCase();
  return (result?.options ?? []).filter((one) => one.label.toLowerCase().startsWith(begun)).sort((one, other) => (other.boost ?? 0) - (one.boost ?? 0)).map((one) => one.label);
}

test('columns are offered before there is a FROM, and after it those of its tables only', () => {
  expect(offered('select cam|')[0]).toBe('campus');
  expect(offered('select | from marts.students')).toEqual([]);
  expect(offered('select m| from marts.students')).not.toContain('month');
  expect(offered('select cam| from marts.students')[0]).toBe('campus');
  expect(offered('select * from marts.students where cam|')[0]).toBe('campus');
  expect(offered('select * from students where cam|')[0]).toBe('campus');
  expect(offered('select * from marts.students s join marts.leavers l on s.campus = l.reason where mon|')[0]).toBe('month');
});

test('a qualified name offers the columns of its table or alias', () => {
  expect(offered('select s.| from marts.students s')).toEqual(known.tables[0]?.columns);
  expect(offered('select students.av| from marts.students')).toEqual(['average_grade']);
  expect(offered('select c.| from marts.students as s, erp.campuses as c')).toEqual(['id', 'name', 'Région']);
});

test('tables are offered after FROM and JOIN without their schema, and inserted with it', () => {
  expect(offered('select * from stud|')[0]).toBe('students');
  expect(offered('select * from marts.students join le|')[0]).toBe('leavers');
  expect(offered('select * from marts.students, cam|')[0]).toBe('campuses');
  expect(offered('select * from marts.|')).toEqual(['students', 'leavers']);
  const state = EditorState.create({ doc: 'select * from stud' });
  expect(complete(new CompletionContext(state, 18, false), known)?.options.find((one) => one.label === 'students')?.apply).toBe('marts.students');
});

test('what WITH and subqueries give is offered too', () => {
  expect(offered('with top as (select campus, count(*) as many from marts.students) select ma| from top')[0]).toBe('many');
  expect(offered('with top as (select campus from marts.students) select * from to|')[0]).toBe('top');
  expect(offered('select x.| from (select average_grade * 2 as twice, campus from marts.students) x')).toEqual(['twice', 'campus']);
  expect(offered('select * from marts.leavers where month in (select av| from marts.students)')[0]).toBe('average_grade');
});

test('functions and keywords are those of the engine', () => {
  expect(offered('select date_t|')).toEqual(['date_trunc']);
  expect(offered('select * from ra|')).toEqual(['range']);
  expect(offered('select campus from marts.students qua|')).toContain('qualify');
});

test('a name that must be quoted is, and in texts and comments nothing is offered', () => {
  const state = EditorState.create({ doc: 'select Ré from erp.campuses' });
  expect(complete(new CompletionContext(state, 9, true), known)?.options.find((one) => one.label === 'Région')?.apply).toBe('"Région"');
  expect(offered("select 'cam|")).toEqual([]);
  expect(offered('-- cam|')).toEqual([]);
});
