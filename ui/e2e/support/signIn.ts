import { rmSync } from 'node:fs';
import { launch, server, sessionFile } from './browser';

/** Signs in once, by the link that the server printed; all tests go on with that session. */
export async function setup() {
  const link = process.env.ECLUSE_SIGN_IN_LINK ?? (process.env.ECLUSE_URL === undefined ? `${server}/sign-in#code=dev-0001` : undefined);
  if (link === undefined) throw new Error('ECLUSE_SIGN_IN_LINK is missing: the link that the server prints, or that ecluse sign-in makes');
  const browser = await launch();
  try {
    const context = await browser.newContext({ baseURL: server });
    const page = await context.newPage();
    await page.goto(link.startsWith('http') ? link : `/sign-in#code=${link}`);
    await page.waitForURL((url) => url.pathname === '/');
    await page.locator('#main h1').waitFor();
    await context.storageState({ path: sessionFile });
    process.env.ECLUSE_E2E_SESSION = sessionFile;
  } finally {
    await browser.close();
  }
}

export function teardown() {
  rmSync(sessionFile, { force: true });
}
