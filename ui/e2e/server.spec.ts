import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, open, shoot, VIEWS, visit, type View, type Visit } from './support/browser';
import { lookAround, type World } from './support/world';

const french = VIEWS[0] as View;
let browser: Browser;
let world: World;
const visits: Visit[] = [];

beforeAll(async () => {
  browser = await launch();
  world = await lookAround();
});
afterAll(async () => {
  await Promise.all(visits.map((one) => one.context.close()));
  await browser.close();
});

async function begin(view: View, signedIn = true) {
  const visited = await visit(browser, view, signedIn);
  visits.push(visited);
  return visited.page;
}

/** So long may it take in words of the product; the rest is for a busy machine that tests. */
const PROMISED_MS = 3_000;
const SLACK_MS = 4_000;

test.each(['gone', 'hanging'] as const)('a server that is %s is said to be on every page, without a click', async (how) => {
  const page = await begin(french);
  const paths = ['/', '/dags', `/dags/${world.dag}`, '/runs', `/runs/${world.run?.id}`, '/catalog', `/catalog/${world.table.replace('.', '/')}`, '/batches', '/sql', '/dashboards', `/dashboards/${world.dashboard}`, '/problems'];
  // A hang is waited for; it is the same banner on the same shell.
  for (const path of how === 'gone' ? paths : ['/', '/sql', `/dashboards/${world.dashboard}`]) {
    await open(page, path);
    const begun = Date.now();
    await page.route('**/api/v1/**', (route) => (how === 'gone' ? route.abort() : undefined));
    await page.getByText('Le serveur ne répond pas.', { exact: false }).first().waitFor({ timeout: PROMISED_MS + SLACK_MS });
    console.log(`${how}, ${path}: said after ${Date.now() - begun} ms`);
    await page.unroute('**/api/v1/**');
    await page.locator('[aria-live="assertive"]').first().getByText('Le serveur ne répond pas.').waitFor({ state: 'detached' });
  }
});

test('on the sign-in page, too', async () => {
  const page = await begin(french, false);
  await open(page, '/');
  await page.route('**/api/v1/**', (route) => route.abort());
  await page.getByText('Le serveur ne répond pas.', { exact: false }).first().waitFor({ timeout: PROMISED_MS + SLACK_MS });
});

test('errors of the server are told in French, with their values', async () => {
  const page = await begin(french);
  await open(page, '/runs/no-such-run');
  await page.getByText("Il n'y a pas d'exécution no-such-run").waitFor();
  await open(page, '/catalog/marts/nothing');
  await page.getByText("Il n'y a pas de table marts.nothing").waitFor();
  await open(page, '/dashboards/nothing');
  await page.getByText("Le projet n'a pas de tableau de bord « nothing »", { exact: false }).waitFor();
  await open(page, `/sql?sql=${encodeURIComponent(`select *\nfrom ${world.table}\nwhere slect`)}`);
  await page.getByRole('button', { name: 'Lancer', exact: true }).click();
  await page.getByRole('alert').getByText('Ligne 3', { exact: false }).waitFor();
  await shoot(page, 'flow-french-errors');
});

test('nothing complained in the console', () => {
  expect(visits.flatMap((one) => one.complaints)).toEqual([]);
});
