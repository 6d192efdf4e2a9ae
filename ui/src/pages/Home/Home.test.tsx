// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';
import type { HomeView, Run } from '../../api/types';
import { makeQueryClient } from '../../app/queryClient';
import { changeLanguage } from '../../i18n';
import { freshness } from './freshness';
import { Home } from './Home';

afterEach(() => vi.unstubAllGlobals());

const empty: HomeView = { project: 'supinfo', environment: 'dev', tables: [], recent_runs: [], failed_runs: [], next_runs: [] };
const failed: Run = {
  id: 'erp_daily-1', dag_id: 'erp_daily', state: 'failed', trigger: 'schedule', logical_time: '2026-11-24T03:00:00Z', created_at: '2026-11-24T03:00:00Z',
  started_at: '2026-11-24T03:00:00Z', ended_at: '2026-11-24T03:00:09Z', duration_ms: 9000, published: false, rolled_back: false, error: 'Test range found 3 rows',
};

function show(status: number, body: unknown) {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { status })));
  changeLanguage('en');
  render(
    <MantineProvider>
      <QueryClientProvider client={makeQueryClient()}>
        <MemoryRouter>
          <Home />
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test('a project that has not run yet is told what to do', async () => {
  show(200, empty);
  expect(await screen.findByText('Nothing has run yet')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Choose a DAG and trigger it' }).getAttribute('href')).toBe('/dags');
});

test('a failure shows its error and leads to its run', async () => {
  show(200, { ...empty, recent_runs: [failed], failed_runs: [failed] });
  expect(await screen.findByText('Test range found 3 rows')).toBeTruthy();
  expect(screen.getAllByRole('link', { name: 'erp_daily' })[0]?.getAttribute('href')).toBe('/runs/erp_daily-1');
});

test('an error of the server shows its message and its hint', async () => {
  show(500, { error: { code: 'METADATA', number: 3001, message: 'PostgreSQL does not answer', hint: 'Run ecluse doctor.' } });
  expect(await screen.findByText('PostgreSQL does not answer')).toBeTruthy();
  expect(screen.getByText('Run ecluse doctor.')).toBeTruthy();
});

test('a table is fresh for a day and a bit, old after two', () => {
  expect(freshness(3600).grade).toBe('fresh');
  expect(freshness(30 * 3600).grade).toBe('aging');
  expect(freshness(72 * 3600)).toEqual({ level: 0.03, grade: 'old' });
  expect(freshness(null).grade).toBe('never');
});
