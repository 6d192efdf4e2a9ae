// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { TaskState } from '../../api/types';
import { changeLanguage, type Language } from '../../i18n';
import { StateMark } from '../StateMark/StateMark';
import { TaskWaitsFor } from './WaitsFor';

afterEach(cleanup);

function show(language: Language, task: Partial<TaskState>) {
  changeLanguage(language);
  const whole = { task_id: 'a', facts: {}, ...task } as TaskState;
  render(<><StateMark state={whole.state} /><TaskWaitsFor task={whole} before="" /></>);
}

test('a skipped task says so, and why, in both languages', () => {
  show('en', { state: 'skipped', facts: { skipped_because: 'Nothing new' } });
  expect(screen.getByText('skipped')).toBeTruthy();
  expect(screen.getByText('Nothing new')).toBeTruthy();
  cleanup();
  show('fr', { state: 'skipped', facts: { skipped_because: 'Nothing new' } });
  expect(screen.getByText('sauté')).toBeTruthy();
});

test('a task that goes on elsewhere says when it is looked at again', () => {
  show('en', { state: 'waiting', next_attempt_at: '2026-11-28T12:00:00Z' });
  expect(screen.getByText('elsewhere')).toBeTruthy();
  expect(screen.getByText(/looked at again/)).toBeTruthy();
  cleanup();
  show('fr', { state: 'waiting', next_attempt_at: '2026-11-28T12:00:00Z' });
  expect(screen.getByText('ailleurs')).toBeTruthy();
});
