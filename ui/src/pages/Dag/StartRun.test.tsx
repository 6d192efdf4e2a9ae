// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Dag } from '../../api/types';
import { makeQueryClient } from '../../app/queryClient';
import { changeLanguage } from '../../i18n';
import { StartRun } from './StartRun';

const dag = { id: 'erp', params: { year: '2026', since: '2026-01-01' }, param_kinds: { year: 'number', since: 'date' } } as unknown as Dag;

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  vi.stubGlobal('ResizeObserver', class {
    observe() {}
    unobserve() {}
    disconnect() {}
  });
});

afterEach(() => vi.unstubAllGlobals());

async function ask() {
  changeLanguage('en');
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={makeQueryClient()}>
        <MemoryRouter>
          <StartRun dag={dag} />
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
  fireEvent.click(screen.getByRole('button'));
  return screen.findByLabelText('year');
}

function submit(input: HTMLElement) {
  fireEvent.submit(input.closest('form') as HTMLFormElement);
}

test('the dialog begins at its first field, and goes to the first that is wrong', async () => {
  const year = await ask();
  await waitFor(() => expect(document.activeElement).toBe(year));
  fireEvent.change(screen.getByLabelText('since'), { target: { value: '' } });
  submit(year);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('since')));
  expect(screen.getByLabelText('since').getAttribute('aria-invalid')).toBe('true');
});

test('a field that the server refuses has the focus and its words', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ error: { code: 'INVALID_USAGE', number: 1001, message: 'since is in the future', field: 'since' } }), { status: 400 })));
  const year = await ask();
  submit(year);
  expect(await screen.findByText('since is in the future')).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('since')));
});
