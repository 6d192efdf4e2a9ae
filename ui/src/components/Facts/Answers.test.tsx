// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { changeLanguage } from '../../i18n';
import { Answers } from './Answers';

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class {
    observe() {}
    disconnect() {}
  });
  changeLanguage('en');
});

test('what is no latency is shown as it came', () => {
  render(<Answers facts={{ impact_probe_before_ms: '0.26 (p95 0.55)', impact_probe_during_ms: 'never felt' }} />);
  expect(screen.getByRole('cell', { name: 'never felt' })).toBeTruthy();
  expect(screen.getAllByRole('row')).toHaveLength(3);
});
