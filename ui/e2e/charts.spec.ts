import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll, open, shoot, VIEWS } from './support/browser';
import { english, french, readers } from './support/readers';

const { world, begin, complaints } = readers();

/** Texts that a chart has drawn. */
const drawnIn = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true }).locator('svg text').allTextContents();

const visible = (texts: string[]) => texts.map((text) => text.replace(/\u200b/g, ''));

test.each(['Europe/Paris', 'America/Los_Angeles', 'Pacific/Kiritimati'])('in %s, days and months are those of the data, on charts and in their tables', async (zone) => {
  const page = await begin({ ...french, zone });
  await open(page, '/dashboards/awkward');
  await page.getByRole('img').first().waitFor();
  const months = await drawnIn(page, 'Mois');
  expect(months).toEqual(expect.arrayContaining(['juil. 2025', 'août 2025']));
  expect(months.join(' ')).not.toContain('juin');
  expect((await drawnIn(page, 'Un jour')).filter((text) => text.includes('31 juil. 2025'))).toHaveLength(2);
  await open(page, '/dashboards/awkward?table=months,day');
  const cells = await page.getByRole('table', { name: 'Mois' }).getByRole('cell').allTextContents();
  expect(cells).toEqual(['juil. 2025', '30', 'août 2025', '5']);
  expect((await page.getByRole('table', { name: 'Un jour' }).getByRole('cell').allTextContents()).filter((text) => text.startsWith('31 juil. 2025'))).toHaveLength(2);
});

test('rows of one name are all there, each number to its last digit, and no column stands in for another', async () => {
  const page = await begin(english);
  await open(page, '/dashboards/awkward');
  await page.getByRole('img').first().waitFor();
  expect(visible(await drawnIn(page, 'One name')).filter((text) => text === 'Martin')).toHaveLength(2);
  await page.getByRole('region', { name: 'One name' }).getByText('Several rows have the same name here').waitFor();
  const slices = visible(await drawnIn(page, 'Slices'));
  expect(slices).toEqual(expect.arrayContaining(['Martin: 30 (83.3%)', 'Martin: 5 (13.9%)', 'Durand: 1 (2.8%)']));
  await page.getByRole('region', { name: 'Exact' }).getByText('9,007,199,254,740,993').waitFor();
  const absent = page.getByRole('region', { name: 'Absent' });
  await absent.getByRole('alert').getByText('m').first().waitFor();
  expect(await absent.getByRole('img').count()).toBe(0);
});

/** What of a chart's text or marks lies outside its box, or under other text. */
const clipped = (page: Page) => page.evaluate(() => {
  const found: string[] = [];
  for (const svg of document.querySelectorAll('[role="img"] svg')) {
    const box = svg.getBoundingClientRect();
    const title = svg.closest('section')?.getAttribute('aria-label') ?? '';
    const boxes = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()] as const);
    for (const [text, at] of boxes) {
      if (at.left < box.left - 1 || at.right > box.right + 1 || at.top < box.top - 1 || at.bottom > box.bottom + 1) found.push(`${title}: "${text}" is outside by ${Math.round(Math.max(box.left - at.left, at.right - box.right, box.top - at.top, at.bottom - box.bottom))} px`);
      if (text?.endsWith('…') || text?.endsWith('...')) found.push(`${title}: "${text}" is cut off`);
      if (/^\d+\/\d+$/.test(text ?? '')) found.push(`${title}: the legend has pages, "${text}"`);
    }
    for (const path of svg.querySelectorAll('path')) {
      const at = path.getBoundingClientRect();
      // What takes clicks is not seen.
      if ((path.getAttribute('fill-opacity') === '0' || ['none', 'transparent'].includes(path.getAttribute('fill') ?? '')) && (path.getAttribute('stroke-width') === '0' || ['none', null].includes(path.getAttribute('stroke')))) continue;
      if (at.width > 0 && (at.left < box.left - 1 || at.right > box.right + 1)) found.push(`${title}: a mark is outside, ${path.outerHTML}`);
    }
  }
  for (const tile of document.querySelectorAll('main section')) {
    const box = tile.getBoundingClientRect();
    const over = [...tile.querySelectorAll('p, a, h2, [role="img"]')].filter((part) => part.getBoundingClientRect().right > box.right + 1 || part.getBoundingClientRect().bottom > box.bottom + 1);
    over.forEach((part) => found.push(`${tile.getAttribute('aria-label')}: ${part.textContent} stands out of its tile`));
    const [picture, foot] = [tile.querySelector('[role="img"]'), tile.querySelector(':scope > p:last-child')];
    if (picture && foot && picture.getBoundingClientRect().bottom > foot.getBoundingClientRect().top + 1) found.push(`${tile.getAttribute('aria-label')}: the foot lies over the chart`);
  }
  return found;
});

test.each(VIEWS)('no chart is clipped at $width px, $theme, $language', async (view) => {
  const page = await begin(view);
  for (const dashboard of [world.dashboard, 'awkward']) {
    await open(page, `/dashboards/${dashboard}`);
    await page.getByRole('img').first().waitFor();
    await page.waitForTimeout(400);
    await shoot(page, `charts-${dashboard}-${view.name}`);
    expect(await clipped(page), dashboard).toEqual([]);
    await expectNoSidewaysScroll(page, dashboard);
    await expectAccessible(page, dashboard);
  }
});

test('a French dashboard is French: words of the data, columns and days', async () => {
  const page = await begin(french);
  await open(page, `/dashboards/${world.dashboard}?table=attendance_by_day`);
  await page.getByRole('cell', { name: 'lundi' }).first().waitFor();
  expect(await page.getByRole('columnheader').allTextContents()).toEqual(expect.arrayContaining(['Entreprise', 'Ville', 'Jour', 'Présence']));
  const words = (await page.locator('[role="img"] svg text').allTextContents()).join(' ');
  expect(words).toContain('aucun évènement');
  expect(words).toContain('notes basses');
  expect(words).not.toMatch(/\bnone\b|low grades|attendance_rate/);
});

test('printing prints the content: no menu, no box that scrolls, light whatever the theme', async () => {
  const page = await begin(english);
  await open(page, `/sql?sql=${encodeURIComponent(`select * from ${world.table} limit 200`)}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('grid').locator('[role="gridcell"]').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  await expect.poll(() => page.getByRole('table', { name: 'Result' }).locator('tbody tr').count()).toBe(200);
  expect(await page.getByRole('navigation', { name: 'Main' }).isVisible()).toBe(false);
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('light');
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('grid').waitFor();
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  await open(page, `/dashboards/${world.dashboard}`);
  await page.getByRole('img').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('button', { name: 'Refresh' }).isVisible()).toBe(false);
  // Ink on paper, not light text on nothing.
  await expect.poll(() => page.locator('[role="img"] svg text').first().getAttribute('fill')).not.toBe('#e3edee');
  const pdf = await page.pdf();
  expect((pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length).toBeGreaterThan(1);
});

test('the catalog finds columns', async () => {
  const page = await begin(french);
  await open(page, '/catalog');
  await page.getByRole('searchbox').fill('average_gr');
  const row = page.getByRole('row').filter({ hasText: 'students' }).first();
  await row.getByText('average_grade').waitFor();
});

test('nothing complained in the console', () => {
  expect(complaints()).toEqual([]);
});
