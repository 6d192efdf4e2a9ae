import { expect, test } from 'vitest';
import { expectAccessible, open, shoot } from './support/browser';
import { english, french, readers } from './support/readers';

const { world, begin, complaints } = readers();

test('a run that waits says for which, and a task until when or for what', async () => {
  const page = await begin(english);
  await open(page, `/dags/${world.longDag}`);
  await page.getByRole('button', { name: 'Trigger a run' }).click();
  await page.waitForURL(/\/runs\//);
  const first = new URL(page.url()).pathname.split('/').pop() ?? '';
  await page.getByText('Tried again').waitFor();
  await open(page, `/dags/${world.longDag}`);
  await page.getByRole('button', { name: 'Trigger a run' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(first));
  await page.getByText('Waits for run').waitFor();
  await expectAccessible(page, 'waiting run');
  await shoot(page, 'flow-run-waits');
  await open(page, '/runs');
  await page.getByRole('row').filter({ hasText: 'Waits for run' }).first().waitFor();
  // The second first, lest it begins when the first ends.
  for (const name of ['queued', 'running']) {
    await open(page, `/runs?dag=${world.longDag}&state=${name}`);
    await page.getByRole('rowheader').getByRole('link').first().click();
    await page.getByRole('main').getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await page.locator('h1 + div [data-state="cancelled"]').waitFor();
  }
});

test('a failed run shows what failed at once, by date and DAG, and its rows by key', async () => {
  const page = await begin(english);
  const failed = world.failed;
  if (!failed) throw new Error('The server has no failed run');
  await open(page, `/runs/${failed.id}`);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(new RegExp(`^${failed.dag_id}, \\d+ \\w+ \\d{4}`));
  const summary = page.getByRole('region', { name: 'Failed tasks' });
  const box = await summary.getByRole('link').first().boundingBox();
  expect(box?.y).toBeLessThan(english.height);
  await page.getByRole('radiogroup', { name: 'Tasks shown' }).getByText('failed').click();
  const rows = page.getByRole('table', { name: 'Tasks' }).locator('tbody [data-state]');
  expect(await rows.evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-state')))).toEqual(expect.not.arrayContaining(['success']));
  await shoot(page, 'flow-run-failed');
  await expectAccessible(page, 'failed run');
  await summary.getByRole('link').first().click();
  await page.getByRole('dialog').getByRole('link', { name: 'Rows that break the test' }).click();
  await page.waitForURL(/tab=tests/);
  const keys = page.locator('code').filter({ hasText: ' = ' }).first();
  await keys.waitFor();
  const red = await keys.evaluate((code) => getComputedStyle(code).color);
  expect(red).toBe(await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('span'));
    probe.style.color = 'var(--bad)';
    return getComputedStyle(probe).color;
  }));
  await expectAccessible(page, 'failing rows');
  await shoot(page, 'flow-failing-rows');
  await page.getByRole('link', { name: 'look for them' }).first().click();
  await page.waitForURL(/\/sql\?query=.*&run=/);
  await page.getByText('Reads what this run wrote').waitFor();
  await page.getByRole('grid').waitFor();
  await expectAccessible(page, 'rows of a run');
  await shoot(page, 'flow-run-rows');
});

test('runs and batches are in the menu', async () => {
  const page = await begin(french);
  await open(page, '/');
  for (const [name, path] of [['Exécutions', '/runs'], ['Lots', '/batches']] as const) {
    await page.getByRole('navigation', { name: 'Principal' }).getByRole('link', { name }).click();
    await page.waitForURL((url) => url.pathname === path);
    await page.getByRole('heading', { level: 1, name }).waitFor();
  }
});

test('nothing complained in the console', () => {
  expect(complaints()).toEqual([]);
});
