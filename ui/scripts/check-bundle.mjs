// Fails when the first screen (the entry and all that it imports statically) needs more gzipped JavaScript
// than the budget allows. Lazy chunks are printed, not counted.
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const budget = 250 * 1024;
const dist = new URL('../dist/', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
// Only this script reads it; what is left in dist/ is served to everybody.
rmSync(join(dist, '.vite'), { recursive: true });
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
const gzipped = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

const first = new Set();
const visit = (key) => {
  const chunk = manifest[key];
  if (first.has(chunk.file)) return;
  first.add(chunk.file);
  (chunk.imports ?? []).forEach(visit);
};
Object.keys(manifest).filter((key) => manifest[key].isEntry).forEach(visit);

const scripts = [...first].filter((file) => file.endsWith('.js'));
// index.html asks for this one by a plain script tag, so no manifest knows it.
scripts.push('first-paint.js');
const total = scripts.reduce((sum, file) => sum + gzipped(file), 0);

const rest = readdirSync(join(dist, 'assets')).map((file) => `assets/${file}`)
  .filter((file) => file.endsWith('.js') && !first.has(file) && statSync(join(dist, file)).isFile())
  .map((file) => [file, gzipped(file)])
  .sort((one, other) => other[1] - one[1]);
console.log(`First screen: ${kib(total)} gzipped JavaScript of ${kib(budget)} (${scripts.join(', ')})`);
for (const [file, size] of rest.slice(0, 8)) console.log(`  lazy ${kib(size).padStart(10)}  ${file}`);
if (total > budget) {
  console.error(`The first screen is ${kib(total - budget)} over its budget: make an import of the entry lazy.`);
  process.exit(1);
}
