import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectAccessible, open, settled, shoot } from './support/browser';
import { english, french, readers } from './support/readers';

/** The folder of the project that is served, if this machine has it. */
const project = process.env.ECLUSE_PROJECT;
const { world, begin, complaints } = readers();

test('a triggered run is seen live to its end, with the log of a task', async () => {
  const page = await begin(english);
  await open(page, `/dags/${world.dag}`);
  await page.getByRole('button', { name: 'Trigger a run' }).click();
  await page.waitForURL(/\/runs\//);
  await page.getByRole('table', { name: 'Tasks' }).locator('[data-state="running"], [data-state="success"]').first().waitFor();
  await shoot(page, 'flow-run-live');
  await page.getByRole('table', { name: 'Tasks' }).getByRole('link').first().click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('log').getByText(/\w/).first().waitFor();
  await expectAccessible(page, 'task panel');
  await shoot(page, 'flow-task-log');
  expect(new URL(page.url()).searchParams.get('task')).not.toBeNull();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });
  // The head of the page says how the run stands; it changes by events, without a reload.
  await page.locator('h1 + div [data-state="success"]').waitFor({ timeout: 80_000 });
  // The tasks' own stream may bring the last of them a moment after.
  await page.waitForFunction(() => document.querySelectorAll('tbody [data-state="running"]').length === 0, undefined, { timeout: 10_000 });
});

test.each([french, english])('an extract tells what it cost its source, each fact by a name in $language', async (view) => {
  const page = await begin(view);
  await open(page, `/runs/${world.run?.id}?task=${world.extract}`);
  const panel = page.getByRole('dialog');
  const answers = panel.getByRole('table', { name: view.language === 'fr' ? 'Temps de réponse de la source' : 'How fast the source answered' });
  await answers.waitFor();
  expect(await answers.getByRole('row').count()).toBe(4);
  expect(await answers.getByRole('cell').filter({ hasText: /\d\u00a0ms$/ }).count()).toBe(6);
  const names = await panel.locator('dt').allTextContents();
  expect(names.length).toBeGreaterThan(12);
  expect(names.filter((name) => name.includes('_'))).toEqual([]);
  await panel.getByText(view.language === 'fr' ? 'Plus longue transaction tenue' : 'Oldest transaction held').waitFor();
});

test('a run is cancelled after a question, and retried', async () => {
  const page = await begin(english);
  const state = (name: string) => page.locator(`h1 + div [data-state="${name}"]`).waitFor();
  const cancel = async () => {
    await page.getByRole('main').getByRole('button', { name: 'Cancel the run' }).click();
    const question = page.getByRole('dialog');
    await question.getByRole('button', { name: 'Cancel the run' }).click();
    await question.waitFor({ state: 'detached' });
    await state('cancelled');
  };
  await open(page, `/dags/${world.longDag}`);
  await page.getByRole('button', { name: 'Trigger a run' }).click();
  await page.waitForURL(/\/runs\//);
  await state('running');
  await cancel();
  await page.getByRole('button', { name: 'Retry what failed' }).click();
  await state('running');
  await cancel();
});

test('a run is asked for its parameters, each checked at its place, and shows them', async () => {
  const page = await begin(english);
  await open(page, `/dags/${world.asks}`);
  await page.getByRole('button', { name: 'Trigger a run' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('since').waitFor();
  expect(await form.getByLabel('since').inputValue()).toBe('2024-09-01');
  expect(await form.getByLabel('deep').isChecked()).toBe(false);
  await expectAccessible(page, 'parameters');
  await shoot(page, 'flow-params');
  const send = form.getByRole('button', { name: 'Trigger a run' });
  await form.getByLabel('most').fill('many');
  await send.click();
  await form.getByText('Write a number, as in 12 or 0.5').waitFor();
  expect(await form.getByLabel('most').getAttribute('aria-invalid')).toBe('true');
  await form.getByLabel('most').fill('7');
  // What only the server knows comes back to the field.
  await form.getByLabel('campus').fill('a\\b');
  await send.click();
  await form.getByText('without backslashes').waitFor();
  expect(await form.getByLabel('campus').getAttribute('aria-invalid')).toBe('true');
  await expectAccessible(page, 'parameters refused');
  await form.getByLabel('campus').fill('Nantes');
  await form.getByLabel('deep').check();
  await form.getByLabel('since').fill('2025-01-02');
  await send.click();
  await page.waitForURL(/\/runs\//);
  for (const value of ['Nantes', '2025-01-02', 'true', '7']) await page.locator('h1 + div code').getByText(value, { exact: true }).waitFor();
});

test('a batch says how it was compared, what it left out and why, and what it cost', async () => {
  const page = await begin(english);
  await open(page, `/runs/${world.run?.id}?task=${world.extract}`);
  await page.getByRole('dialog').getByRole('link', { name: 'Its batches' }).click();
  await page.waitForURL(/\/batches\?run=/);
  const source = page.getByRole('table', { name: world.batch.source });
  await source.waitFor();
  expect(await source.getByText('counts equal').count()).toBe((await source.getByRole('row').count()) - 1);
  await source.getByRole('link', { name: world.batch.stream, exact: true }).click();
  await page.getByRole('table', { name: 'Batches' }).getByRole('rowheader').getByRole('link').first().click();
  await page.getByText('Yes: all rows are of one moment').waitFor();
  await page.getByRole('table', { name: 'How fast the source answered' }).waitFor();
  expect((await page.locator('dt').allTextContents()).filter((name) => name.includes('_'))).toEqual([]);

  const { source: odd, stream, extract_id } = world.oddBatch;
  await open(page, `/batches/${odd}/${stream}/${extract_id}`);
  await page.getByText('No: ranges of several moments').waitFor();
  await page.getByRole('row', { name: 'column born holds no date 2' }).waitFor();
  await page.getByText('column email (text) is gone').waitFor();
  expect(await page.locator('main').textContent()).not.toContain('@example.org');
});

test.skipIf(project === undefined)('problems of the project are told on every page until they are mended', async () => {
  const page = await begin(english);
  const file = join(project ?? '', 'dags', 'wrong.yaml');
  const told = page.getByRole('region', { name: 'dags/wrong.yaml' });
  await open(page, '/problems');
  // The tile that draws a column which its query has not.
  await page.getByRole('region', { name: 'dashboards/awkward.yaml' }).getByText("y is 'm', but the query has no such column").waitFor();
  expect(await told.count()).toBe(0);
  try {
    writeFileSync(file, 'tasks:\n  read: { extract: erpp }\n');
    await told.getByText('line 2, column').waitFor({ timeout: 30_000 });
    await told.getByText('What to do:').waitFor();
    await expectAccessible(page, 'problems');
    await shoot(page, 'flow-problems');
    await open(page, '/catalog');
    await page.getByText('have 2 errors: what depends on them does not run.').waitFor();
    await expectAccessible(page, 'problems banner');
    await shoot(page, 'flow-problems-banner');
    await page.getByRole('link', { name: 'Show them' }).click();
    await told.waitFor();
  } finally {
    rmSync(file, { force: true });
  }
  await told.waitFor({ state: 'detached', timeout: 30_000 });
});

test('a rollback is asked twice', async () => {
  const page = await begin(french);
  await open(page, `/runs/${world.run?.id}`);
  await page.getByRole('button', { name: 'Revenir en arrière' }).click();
  await page.getByRole('dialog').getByText('redevient').waitFor();
  await expectAccessible(page, 'confirmation');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('a query is written with completion, run by keyboard, and its rows are walked', async () => {
  const page = await begin(english);
  await page.goto('/sql');
  await page.evaluate(() => localStorage.removeItem('ecluse.sql.draft'));
  await open(page, '/sql');
  const editor = page.getByRole('textbox', { name: 'SQL' });
  await editor.click();
  const [schema = '', table = ''] = world.table.split('.');
  await page.keyboard.type(`select * from ${schema}.${table.slice(0, 3)}`);
  await page.locator('.cm-tooltip-autocomplete').getByText(table, { exact: true }).first().waitFor();
  await expectAccessible(page, 'completion');
  await page.keyboard.press('Escape');
  await page.keyboard.type(table.slice(3));
  await page.keyboard.press('Control+Enter');
  const grid = page.getByRole('grid');
  await grid.waitFor();
  await grid.locator('[role="gridcell"]').first().waitFor();
  expect(new URL(page.url()).searchParams.get('query')).not.toBeNull();
  await expectAccessible(page, 'result');
  await shoot(page, 'flow-sql-result');

  await grid.focus();
  const first = (await grid.locator('#cell-0-0').textContent()) ?? '';
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(first);
  await page.keyboard.press('ArrowRight');
  expect(await grid.getAttribute('aria-activedescendant')).toBe('cell-0-1');
  await page.keyboard.press('Control+End');
  const last = Number(await grid.getAttribute('aria-rowcount')) - 2;
  await grid.locator(`#cell-${last}-1`).waitFor();
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('dialog').getByRole('button', { name: new RegExp(table) }).first().waitFor();
  await expectAccessible(page, 'history');
});

test('100,000 rows are scrolled through, and only those in sight are drawn', async () => {
  const page = await begin(english);
  await open(page, `/sql?sql=${encodeURIComponent(`select * from ${world.longTable ?? 'range(100000)'} limit 100000`)}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const grid = page.getByRole('grid');
  await grid.locator('[role="gridcell"]').first().waitFor();
  expect(await grid.getAttribute('aria-rowcount')).toBe('100001');
  const { most, slowest } = await grid.evaluate(async (box) => {
    let most = 0;
    let slowest = 0;
    let before = performance.now();
    for (let step = 0; step < 120; step += 1) {
      box.scrollTop += (box.scrollHeight - box.clientHeight) / 120;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      most = Math.max(most, box.querySelectorAll('[role="row"]').length);
      slowest = Math.max(slowest, performance.now() - before);
      before = performance.now();
    }
    return { most, slowest };
  });
  console.log(`slowest frame of a fling over 100,000 rows: ${Math.round(slowest)} ms`);
  expect(most).toBeLessThan(100);
  await grid.locator('#cell-99999-0').getByText(/\w/).waitFor();
  await shoot(page, 'flow-sql-100000');
});

test('a wrong query shows its error at its place', async () => {
  const page = await begin(english);
  await open(page, `/sql?sql=${encodeURIComponent(`select *\nfrom ${world.table}\nwhere slect`)}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('alert').getByText(/Line \d+, column \d+/).waitFor();
  await page.locator('.cm-lintRange-error').waitFor();
  await expectAccessible(page, 'SQL error');
  await shoot(page, 'flow-sql-error');
});

test('a result is taken along', async () => {
  const page = await begin(english);
  await open(page, `/sql?sql=${encodeURIComponent(`select * from ${world.table} limit 10`)}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  for (const [name, ending] of [['CSV', 'csv'], ['CSV for French Excel (;)', 'csv'], ['Excel (XLSX)', 'xlsx'], ['JSON', 'json'], ['Parquet', 'parquet']] as const) {
    const downloading = page.waitForEvent('download');
    await page.getByRole('group', { name: 'Download' }).getByRole('link', { name, exact: true }).click();
    const download = await downloading;
    expect(download.suggestedFilename(), name).toMatch(new RegExp(`^(?!result\\.).+\\.${ending}$`));
    await download.path();
  }
});

test('every chart of a dashboard has a table twin, and its numbers lead to their tables and query', async () => {
  const page = await begin(french);
  await open(page, `/dashboards/${world.dashboard}`);
  const charts = page.getByRole('img', { name: /^Graphique/ });
  await charts.first().waitFor();
  const drawn = await charts.count();
  const toggles = page.getByRole('button', { name: /^Afficher .* Tableau$/ });
  expect(await toggles.count()).toBeGreaterThanOrEqual(drawn);
  await toggles.first().click();
  expect(new URL(page.url()).searchParams.get('table')).not.toBeNull();
  await page.getByRole('table').first().waitFor();
  await expectAccessible(page, 'table twin');
  await page.getByRole('link', { name: /^Ouvrir dans l'éditeur SQL/ }).first().click();
  await page.waitForURL(/\/sql\?query=/);
  await page.locator('.cm-content').getByText('select').first().waitFor();
});

test('the keyboard alone reaches everything', async () => {
  const page = await begin(english);
  await open(page, '/');
  await page.keyboard.press('Tab');
  await page.getByRole('link', { name: 'Skip to content' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');

  await open(page, `/dags/${world.dag}?tab=grid`);
  const cell = page.getByRole('grid').locator('a[tabindex="0"]').last();
  await cell.focus();
  const before = await page.evaluate(() => document.activeElement?.getAttribute('data-cell'));
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction((was) => document.activeElement?.getAttribute('data-cell') !== was, before);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\/.*task=/);
  await page.getByRole('dialog').waitFor();

  await open(page, `/dags/${world.dag}?view=graph`);
  await page.locator('.react-flow__node').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\/.*task=/);
});

test('language and theme are chosen and remembered', async () => {
  const page = await begin(english);
  await open(page, '/');
  await page.getByRole('button', { name: 'Preferences' }).click();
  await expectAccessible(page, 'preferences');
  await page.getByRole('radiogroup', { name: 'Language' }).getByText('Français').click();
  await page.getByRole('heading', { name: 'Accueil' }).waitFor();
  await page.getByRole('radiogroup', { name: 'Thème' }).getByText('Clair').click();
  await page.reload();
  await settled(page);
  expect(await page.locator('html').getAttribute('lang')).toBe('fr');
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('light');
});

test('a server that is away is said to be, with the old still shown', async () => {
  const page = await begin(english);
  await open(page, '/');
  await page.route('**/api/v1/**', (route) => route.abort());
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Catalog' }).click();
  await page.getByText('The server does not answer.', { exact: false }).first().waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Try again' }).waitFor();
  await expectAccessible(page, 'server away');
  await shoot(page, 'flow-server-away');
  await page.unroute('**/api/v1/**');
  await page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: /Warehouse/ }).waitFor();
});

test('a click is answered before the server is', async () => {
  const page = await begin(english);
  const ways = page.getByRole('navigation', { name: 'Main' });
  // Once through all, so that no chunk is new: it is the click that is tested, not the first download.
  await open(page, '/');
  for (const name of ['DAGs', 'Catalog', 'Dashboards', 'Home']) {
    await ways.getByRole('link', { name }).click();
    await settled(page);
  }
  const held: (() => void)[] = [];
  await page.route('**/api/v1/**', (route) => held.push(() => void route.continue()));
  for (const name of ['DAGs', 'Catalog', 'Home']) {
    const took = await ways.getByRole('link', { name }).evaluate(async (link: HTMLElement) => {
      const from = performance.now();
      const heading = document.querySelector('h1')?.textContent;
      link.click();
      while (document.querySelector('h1')?.textContent === heading && performance.now() - from < 10_000) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return performance.now() - from;
    });
    console.log(`click on ${name}: ${Math.round(took)} ms`);
    await page.getByRole('heading', { level: 1, name }).waitFor();
  }
  for (const letGo of held) letGo();
});

test('nothing complained in the console', () => {
  expect(complaints()).toEqual([]);
});
