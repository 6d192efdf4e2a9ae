import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible, open, shoot } from './support/browser';
import { restartServer } from './support/restart';
import { english, french, readers } from './support/readers';

const { world, begin, complaints } = readers();

const editor = (page: Page) => page.locator('.cm-content');

/** What is in the editor; a placeholder is nothing. */
const textOf = (page: Page) =>
  editor(page).evaluate((content) => [...content.querySelectorAll('.cm-line')].map((line) => (line.querySelector('.cm-placeholder') ? '' : line.textContent)).join('\n'));

const expectText = (page: Page, text: string) => expect.poll(() => textOf(page), { timeout: 10_000 }).toBe(text);

async function type(page: Page, text: string) {
  await page.keyboard.type(text);
  await page.keyboard.press('Escape');
}

async function runAndSee(page: Page, before: string | null) {
  await page.keyboard.press('Control+Enter');
  await page.waitForURL((url) => url.searchParams.get('query') !== null && url.searchParams.get('query') !== before);
  await page.getByRole('grid').locator('[role="gridcell"]').first().waitFor();
  return new URL(page.url()).searchParams.get('query');
}

test('five queries edited and run in a row, reload, restart of the server, back: nothing is lost', async () => {
  const page = await begin(english);
  await open(page, '/sql');
  await editor(page).click();
  const base = `select * from ${world.table}`;
  await type(page, base);
  const ids: string[] = [];
  const texts: string[] = [];
  let text = base;
  for (let i = 1; i <= 5; i += 1) {
    if (i > 1) {
      const more = i === 2 ? ' where 1 < 2' : ` and ${i} < 10`;
      await page.keyboard.press('Control+End');
      await type(page, more);
      text += more;
    }
    ids.push((await runAndSee(page, ids.at(-1) ?? null)) ?? '');
    texts.push(text);
    await expectText(page, text);
  }
  expect(new Set(ids).size).toBe(5);

  // An edit that was not run, and undo after a run.
  await page.keyboard.press('Control+End');
  await type(page, ' or true');
  await page.reload();
  await expectText(page, `${text} or true`);
  await editor(page).click();
  await page.keyboard.press('Control+End');
  for (let i = 0; i < ' or true'.length; i += 1) await page.keyboard.press('Backspace');
  await expectText(page, text);

  await restartServer();
  await page.reload();
  await expectText(page, text);
  await page.getByText('The result is no longer kept').waitFor();
  await shoot(page, 'flow-sql-expired');
  await expectAccessible(page, 'expired query');

  for (let i = 3; i >= 0; i -= 1) {
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get('query') === ids[i]);
    await expectText(page, texts[i] ?? '');
  }
  await page.goForward();
  await expectText(page, texts[1] ?? '');
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByRole('grid').locator('[role="gridcell"]').first().waitFor();
  await expectText(page, texts[1] ?? '');

  await page.getByRole('button', { name: 'History' }).click();
  const past = page.getByRole('dialog').getByRole('button');
  await past.filter({ hasText: texts[4] }).first().waitFor();
  for (const one of texts) expect(await past.filter({ hasText: one }).count()).toBeGreaterThan(0);
});

test('undo brings back what was there before a run', async () => {
  const page = await begin(english);
  await open(page, '/sql');
  await editor(page).click();
  await type(page, `select * from ${world.table} limit 7`);
  await runAndSee(page, null);
  await page.keyboard.press('Control+End');
  await type(page, '7');
  await page.keyboard.press('Control+z');
  await expectText(page, `select * from ${world.table} limit 7`);
});

test('a text that was not run waits for the one who comes back, in this tab and in another', async () => {
  const page = await begin(english);
  await open(page, '/sql');
  await editor(page).click();
  await type(page, 'select 1 as mine');
  await page.getByRole('navigation').getByRole('link', { name: 'Catalog' }).first().click();
  await page.waitForURL(/\/catalog/);
  await page.goBack();
  await expectText(page, 'select 1 as mine');

  const other = await page.context().newPage();
  await open(other, '/sql');
  await expectText(other, 'select 1 as mine');
  await editor(other).click();
  await other.keyboard.press('Control+a');
  await type(other, 'select 2 as theirs');
  await page.reload();
  await expectText(page, 'select 1 as mine');
  await other.reload();
  await expectText(other, 'select 2 as theirs');
  await other.close();
  // A link with a text of its own puts the other aside; it is not gone.
  await open(page, '/sql?sql=select%203');
  await expectText(page, 'select 3');
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('dialog').getByText('never run').click();
  await page.getByRole('dialog').getByRole('button', { name: /select 1 as mine/ }).click();
  await expectText(page, 'select 1 as mine');
});

test('what is typed while the server thinks stays', async () => {
  const page = await begin(english);
  await open(page, '/sql');
  await editor(page).click();
  await type(page, `select * from ${world.table}`);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => { letGo = resolve; });
  await page.route('**/api/v1/queries', async (route) => {
    if (route.request().method() === 'POST') await held;
    await route.continue();
  });
  await page.keyboard.press('Control+Enter');
  await type(page, ' limit 3');
  letGo();
  await page.waitForURL(/query=/);
  await page.getByRole('grid').waitFor();
  await expectText(page, `select * from ${world.table} limit 3`);
  await page.reload();
  await expectText(page, `select * from ${world.table} limit 3`);
});

test('a tile opened in the editor runs', async () => {
  const page = await begin(french);
  await open(page, `/dashboards/${world.dashboard}`);
  await page.getByRole('link', { name: /^Ouvrir dans l'éditeur SQL/ }).first().click();
  await page.waitForURL(/\/sql\?query=/);
  await page.getByRole('grid').locator('[role="gridcell"]').first().waitFor();
  await expect.poll(() => textOf(page)).toContain('select');
});

test('completion offers columns of the tables in FROM, tables without their schema, and functions of the engine', async () => {
  const page = await begin(english);
  await open(page, '/sql');
  const [schema = '', table = ''] = world.table.split('.');
  const list = page.locator('.cm-tooltip-autocomplete');
  const offers = async (text: string, wanted: string) => {
    await editor(page).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.type(text);
    await list.getByText(wanted, { exact: true }).first().waitFor();
    await page.keyboard.press('Escape');
  };
  await offers('select cam', 'campus');
  await offers(`select * from ${table.slice(0, 4)}`, table);
  await offers(`select * from ${world.table} where cam`, 'campus');
  await offers(`select * from ${schema}.${table} s where s.cam`, 'campus');
  await offers('select date_tr', 'date_trunc');
  await page.keyboard.press('Escape');
  await editor(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(`select * from ${table.slice(0, 4)}`);
  await list.getByText(table, { exact: true }).first().click();
  await expect.poll(() => textOf(page)).toBe(`select * from ${world.table}`);
});

test('nothing complained in the console', () => {
  expect(complaints()).toEqual([]);
});
