import type { AxeResults, RunOptions } from 'axe-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page, type Request } from 'playwright-core';
import { expect } from 'vitest';

export interface View {
  name: string;
  width: number;
  height: number;
  theme: 'light' | 'dark';
  language: 'fr' | 'en';
  /** Where the reader is. */
  zone?: string;
}

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** Both widths in both themes in both languages, each pair of which is seen. */
export const VIEWS: View[] = [
  { name: 'desktop-light-fr', ...desktop, theme: 'light', language: 'fr' },
  { name: 'desktop-dark-en', ...desktop, theme: 'dark', language: 'en' },
  { name: 'phone-light-en', ...phone, theme: 'light', language: 'en' },
  { name: 'phone-dark-fr', ...phone, theme: 'dark', language: 'fr' },
];

export const server = process.env.ECLUSE_URL ?? 'http://127.0.0.1:8099';
export const sessionFile = join(process.env.TMPDIR ?? '/tmp', `ecluse-e2e-session-${process.ppid}.json`);
export const shots = process.env.ECLUSE_SCREENSHOTS;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** What the console and the page have complained of. */
  complaints: string[];
}

export async function visit(browser: Browser, view: View, signedIn = true): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: server,
    viewport: { width: view.width, height: view.height },
    colorScheme: view.theme,
    locale: view.language === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: view.zone ?? 'Pacific/Chatham',
    reducedMotion: 'reduce',
    storageState: signedIn ? (process.env.ECLUSE_E2E_SESSION ?? sessionFile) : undefined,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A refused request is a matter of the test that asked for it; all else that is an error is a fault.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', (failure) => complaints.push(String(failure)));
  watchRequests(page);
  return { context, page, complaints };
}

/** Goes there and waits until nothing is loading any more. */
export async function open(page: Page, path: string) {
  await page.goto(path);
  await settled(page);
}

/** What a page has asked for and not got yet; a stream of events is never over and does not count. */
const underWay = new WeakMap<Page, Set<Request>>();

function watchRequests(page: Page) {
  const requests = new Set<Request>();
  underWay.set(page, requests);
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') requests.add(request);
  });
  page.on('requestfinished', (request) => requests.delete(request));
  page.on('requestfailed', (request) => requests.delete(request));
}

/** Without requests for so long, a page that has painted asks for no more. */
const QUIET_MILLIS = 120;

export async function settled(page: Page) {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  const requests = underWay.get(page) ?? new Set<Request>();
  do {
    for (let quiet = 0; quiet < QUIET_MILLIS; quiet = requests.size === 0 ? quiet + 20 : 0) await page.waitForTimeout(20);
    await page.waitForFunction(() => document.querySelector('main [role="status"] + span, [class*="loading"]') === null);
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  } while (requests.size > 0);
}

/** Beyond WCAG: each landmark of a page has a name of its own. */
const RULES: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] },
  rules: { 'landmark-unique': { enabled: true }, 'landmark-no-duplicate-main': { enabled: true }, 'landmark-no-duplicate-banner': { enabled: true } },
  resultTypes: ['violations'],
};
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** axe is told to the document once, and only what is wrong comes back: most of its cost is in both. */
export async function expectAccessible(page: Page, what: string) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const said = await page.evaluate(async (options) => {
    const { violations } = await (window as unknown as { axe: { run: (of: Document, options: RunOptions) => Promise<AxeResults> } }).axe.run(document, options);
    return violations.map((one) => `${one.id}: ${one.help}\n    ${one.nodes.slice(0, 4).map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`).join('\n    ')}`);
  }, RULES);
  expect(said, what).toEqual([]);
}

/** No page scrolls sideways: what is wide scrolls in a box of its own. */
export async function expectNoSidewaysScroll(page: Page, what: string) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${what} is wider than its window by`).toBeLessThanOrEqual(0);
}

export async function shoot(page: Page, name: string) {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: process.env.ECLUSE_SCREENSHOTS_FULL === '1' });
}
