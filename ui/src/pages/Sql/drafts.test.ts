// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { draftAt, lastText, ran, tidy, unrun, Writing } from './drafts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test('what is typed at a place is there again, and not at another', () => {
  const writing = new Writing();
  writing.keep('a', 'select 1');
  expect(draftAt('a')).toBe('select 1');
  expect(draftAt('b')).toBeNull();
});

test('two tabs do not write over each other', () => {
  new Writing().keep('here', 'select 1');
  new Writing().keep('there', 'select 2');
  expect(unrun().map((one) => one.text).sort()).toEqual(['select 1', 'select 2']);
});

test('a new tab begins with what was never run', () => {
  new Writing().keep('here', 'select 1');
  sessionStorage.clear();
  expect(lastText()).toBe('select 1');
  ran('select 1 ');
  expect(lastText()).toBe('');
});

test('whoever deletes a text and writes another finds the first', () => {
  const writing = new Writing();
  for (const text of ['select campus, count(*) from marts.students', 's', 'select 2']) writing.keep('here', text);
  expect(unrun().map((one) => one.text)).toContain('select campus, count(*) from marts.students');
});

test('a full storage forgets the oldest and keeps the newest', () => {
  for (let i = 0; i < 100; i += 1) new Writing().keep(`place ${i}`, `select ${i}`);
  tidy();
  expect(unrun()).toHaveLength(40);
  expect(Object.keys(sessionStorage).filter((key) => key.includes('.place.'))).toHaveLength(60);
});
