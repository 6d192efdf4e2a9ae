// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { watchPrinting } from '../../app/printing';
import { makeQueryClient } from '../../app/queryClient';
import { changeLanguage } from '../../i18n';
import { LogView } from './LogView';

afterEach(() => vi.unstubAllGlobals());

test('a printed log has every line, also those that scrolled out of its box', async () => {
  const lines = Array.from({ length: 400 }, (_, i) => ({ n: i + 1, at: '2026-11-24T03:00:00Z', level: 'INFO', text: `line ${i + 1} of it` }));
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ lines, next: 400, complete: true }), { status: 200 })));
  vi.stubGlobal('EventSource', class { addEventListener() {} close() {} });
  changeLanguage('en');
  watchPrinting();
  render(
    <MantineProvider>
      <QueryClientProvider client={makeQueryClient()}>
        <LogView run="r" task="t" attempt={1} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findByText(/^400 lines/);
  expect(screen.queryByText('line 1 of it')).toBeNull();

  act(() => void window.dispatchEvent(new Event('beforeprint')));
  expect(screen.getAllByText(/^line \d+ of it$/)).toHaveLength(400);

  act(() => void window.dispatchEvent(new Event('afterprint')));
  expect(screen.queryAllByText(/^line \d+ of it$/).length).toBeLessThan(400);
});
