import { expect, test } from 'vitest';
import { kindOf } from './localized';

test('a kind of task is called as the server says, and by its name if it says nothing', () => {
  const task = { kind: 'ring_bell', kind_word: { en: 'ring', fr: 'sonnerie' } };
  expect(kindOf(task, 'fr')).toBe('sonnerie');
  expect(kindOf(task, 'en')).toBe('ring');
  expect(kindOf({ kind: 'ring_bell' }, 'fr')).toBe('ring bell');
});
