// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';
import { makeQueryClient } from '../../app/queryClient';
import { changeLanguage } from '../../i18n';
import { StreamPage } from './Stream';

afterEach(() => vi.unstubAllGlobals());

test('a stream whose batches have had their time says so rather than show a table without rows', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify([]), { status: 200 })));
  changeLanguage('en');
  render(
    <MantineProvider>
      <QueryClientProvider client={makeQueryClient()}>
        <MemoryRouter>
          <StreamPage />
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
  expect(await screen.findByText('No batch here')).toBeTruthy();
  expect(screen.queryByRole('table')).toBeNull();
});
