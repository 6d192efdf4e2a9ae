import { chromium } from 'playwright-core';
const [out, w, ...files] = process.argv.slice(2);
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--allow-file-access-from-files'] });
const p = await b.newPage({ viewport: { width: Number(w), height: 100 } });
const { writeFileSync } = await import('node:fs');
writeFileSync('/tmp/ui-m.html', `<body style="margin:0;display:flex;flex-wrap:wrap;gap:6px;background:#888">${files.map(f=>`<img src="file:///tmp/ui-shots/${f}.png">`).join('')}`);
await p.goto('file:///tmp/ui-m.html'); await p.screenshot({ path: out, fullPage: true }); await b.close();
