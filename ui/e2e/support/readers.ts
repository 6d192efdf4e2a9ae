import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launch, VIEWS, visit, type View, type Visit } from './browser';
import { lookAround, type World } from './world';

export const french = VIEWS[0] as View;
export const english = VIEWS[1] as View;

/** People with browsers before the server, for the tests of one file: their pages are open until its end. */
export function readers() {
  let browser: Browser;
  const world = {} as World;
  const visits: Visit[] = [];
  beforeAll(async () => {
    browser = await launch();
    Object.assign(world, await lookAround());
  });
  afterAll(() => browser.close());
  const begin = async (view: View): Promise<Page> => {
    const visited = await visit(browser, view);
    visits.push(visited);
    return visited.page;
  };
  /** What the consoles of all pages have complained of so far. */
  const complaints = () => visits.flatMap((one) => one.complaints);
  return { world, begin, complaints };
}
