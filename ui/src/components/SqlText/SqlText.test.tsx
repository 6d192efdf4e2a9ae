// @vitest-environment jsdom
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';
import { makeQueryClient } from '../../app/queryClient';
import { SqlText } from './SqlText';

afterEach(() => vi.unstubAllGlobals());

test("the SQL of a model is drawn in the engine's own words", async () => {
  const words = { tables: [], keywords: ['select', 'from', 'qualify'], types: ['hugeint'], functions: [] };
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(words), { status: 200 })));
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <MemoryRouter>
        <SqlText sql="select analyse from erp.students qualify a::hugeint" tables={['erp.students']} label="Model" />
      </MemoryRouter>
    </QueryClientProvider>,
  );

  await vi.waitFor(() => expect(screen.getByText('qualify').className).toContain('tok-keyword'));
  expect(screen.getByText('hugeint').className).toContain('tok-typeName');
  // A keyword of PostgreSQL, a name here.
  expect(screen.queryByText('analyse', { selector: '.tok-keyword' })).toBeNull();
  expect(screen.getByRole('link', { name: 'erp.students' }).getAttribute('href')).toBe('/catalog/erp/students');
});
