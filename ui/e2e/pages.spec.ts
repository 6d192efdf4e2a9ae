import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll, launch, open, shoot, VIEWS, visit, type Visit } from './support/browser';
import { batchPath } from './support/paths';
import { lookAround, type World } from './support/world';

let browser: Browser;
let world: World;

beforeAll(async () => {
  browser = await launch();
  world = await lookAround();
});
afterAll(() => browser.close());

const PAGES: { name: string; path: (world: World) => string }[] = [
  { name: 'home', path: () => '/' },
  { name: 'dags', path: () => '/dags' },
  { name: 'dag-graph', path: ({ dag }) => `/dags/${dag}?view=graph` },
  { name: 'dag-list', path: ({ dag }) => `/dags/${dag}?view=list` },
  { name: 'dag-grid', path: ({ dag }) => `/dags/${dag}?tab=grid` },
  { name: 'dag-runs', path: ({ dag }) => `/dags/${dag}?tab=runs` },
  { name: 'runs', path: () => '/runs' },
  { name: 'run-tasks', path: ({ run }) => `/runs/${run?.id}` },
  { name: 'run-extract', path: ({ run, extract }) => `/runs/${run?.id}?task=${extract}` },
  { name: 'run-graph', path: ({ run }) => `/runs/${run?.id}?tab=graph&view=graph` },
  { name: 'catalog', path: () => '/catalog' },
  { name: 'table-columns', path: ({ table }) => `/catalog/${table.replace('.', '/')}` },
  { name: 'table-sample', path: ({ table }) => `/catalog/${table.replace('.', '/')}?tab=sample` },
  { name: 'table-snapshots', path: ({ table }) => `/catalog/${table.replace('.', '/')}?tab=snapshots` },
  { name: 'table-tests', path: ({ table }) => `/catalog/${table.replace('.', '/')}?tab=tests` },
  { name: 'table-model', path: ({ table }) => `/catalog/${table.replace('.', '/')}?tab=model` },
  { name: 'batches', path: () => '/batches' },
  { name: 'batches-of-stream', path: ({ batch }) => `/batches/${batch.source}/${batch.stream}` },
  { name: 'batch', path: ({ batch }) => batchPath(batch) },
  { name: 'batch-odd', path: ({ oddBatch }) => batchPath(oddBatch) },
  { name: 'problems', path: () => '/problems' },
  { name: 'sql', path: () => '/sql' },
  { name: 'dashboards', path: () => '/dashboards' },
  { name: 'dashboard', path: ({ dashboard }) => `/dashboards/${dashboard}` },
  { name: 'not-found', path: () => '/there/is/nothing/here' },
  { name: 'run-unknown', path: () => '/runs/no-such-run' },
];

describe.each(VIEWS)('$name', (view) => {
  let visited: Visit;
  beforeAll(async () => {
    visited = await visit(browser, view);
  });
  afterAll(() => visited.context.close());

  test.each(PAGES)('$name is whole and accessible', async ({ name, path }) => {
    const { page, complaints } = visited;
    complaints.length = 0;
    await open(page, path(world));
    await shoot(page, `${name}-${view.name}`);
    expect(await page.title()).toMatch(/ · Écluse$/);
    expect(await page.locator('html').getAttribute('lang')).toBe(view.language);
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(view.theme);
    await expectNoSidewaysScroll(page, name);
    await expectAccessible(page, `${name} ${view.name}`);
    expect(complaints).toEqual([]);
  });

  test('the page of a signed-out visitor says how to get in', async () => {
    const stranger = await visit(browser, view, false);
    await stranger.page.goto('/');
    await stranger.page.getByText('ecluse sign-in').waitFor();
    await shoot(stranger.page, `sign-in-${view.name}`);
    await expectAccessible(stranger.page, 'sign-in');
    await stranger.page.goto('/sign-in#code=wrong-code');
    await stranger.page.getByRole('alert').waitFor();
    expect(new URL(stranger.page.url()).hash).toBe('');
    await stranger.context.close();
  });
});

test('the check of accessibility finds what is wrong', async () => {
  const { context, page } = await visit(browser, VIEWS[0] as (typeof VIEWS)[number]);
  await open(page, '/');
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('img')));
  await expect(expectAccessible(page, 'home')).rejects.toHaveProperty('actual', [expect.stringContaining('image-alt')]);
  await context.close();
});
