import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
mkdirSync('/tmp/ui-shots',{recursive:true});
const base = process.env.BASE ?? 'http://127.0.0.1:8099';
const V = { dl: [1280,800,'light','fr-FR'], dd: [1280,800,'dark','en-GB'], pl:[390,844,'light','en-GB'], pd:[390,844,'dark','fr-FR'] };
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu'] });
const [,, view, ...items] = process.argv;
const [width,height,colorScheme,locale] = V[view];
const c = await b.newContext({ baseURL: base, viewport:{width,height}, colorScheme, locale });
const p = await c.newPage();
p.on('console', m => { if (m.type()==='error') console.log('console', m.text().slice(0,300)); });
p.on('pageerror', e => console.log('pageerror', String(e).slice(0,500)));
await p.goto('/sign-in#code=dev-1'); await p.waitForURL(u=>u.pathname==='/');
for (const item of items) {
  const [name, path, action] = item.split('|');
  await p.goto(path); await p.waitForTimeout(1300);
  if (action) { try { await (new Function('p', `return (async()=>{${action}})()`))(p); } catch (e) { console.log(name, String(e).slice(0,300)); } await p.waitForTimeout(700); }
  await p.screenshot({ path: `/tmp/ui-shots/${name}.png`, fullPage: item.endsWith('|full') });
}
await b.close();
