import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FACTS, formatFact, grouped, slowdown } from './facts';

const java = join(import.meta.dirname, '../../../../platform/src/main/java/io/ecluse');
const code = readdirSync(java, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.java'))
  .map((file) => ({ file, text: readFileSync(join(java, file), 'utf8') }));

/** Names of facts as the platform's source has them: each where it puts it. */
function written(): string[] {
  const names: string[] = [];
  const find = (inFolder: RegExp, pattern: RegExp, prefix = '') =>
    code.filter(({ file }) => inFolder.test(file)).forEach(({ text }) => [...text.matchAll(pattern)].forEach((match) => names.push(prefix + match[1])));
  find(/^flow\/(TaskRun|\w+Kind)\./, /(?:facts\.put\(|Map\.of\()\s*"(\w*[a-z])"/g);
  find(/^source\/ImpactReceipt/, /facts\.put\(\s*"(\w*[a-z])"/g);
  find(/^scheduler\/TaskState/, /(?:ERROR_CODE|SKIPPED_BECAUSE) = "(\w+)"/g);
  find(/^source\//, /\.(?:put|merge)\(\s*"((?:server|replicas)_\w*[a-z])"/g, 'impact_');
  // MariaDB's are named for its counters.
  find(/^source\/jdbc\/MariaDb/, /matches\("\((\w+\|\w+)\)_time"\)/g);
  return names.flatMap((name) => (name.includes('|') ? name.split('|').map((kind) => `impact_server_${kind}_time_ms`) : [name]));
}

test('every fact that the platform writes has a name, and no other has', () => {
  expect([...new Set(written())].sort()).toEqual(Object.keys(FACTS).sort());
});

test('values have units, and those of another kind stay as they came', () => {
  expect(formatFact('impact_probe_before_ms', '0.26 (p95 12.55)', 'en')).toBe('0.26\u00a0ms (p95 12.6\u00a0ms)');
  expect(formatFact('impact_probe_before_ms', '0.26 (p95 12.55)', 'fr')).toBe('0,26\u00a0ms (p95 12,6\u00a0ms)');
  expect(formatFact('impact_bytes_sent', '123456789', 'fr')).toBe('118\u00a0Mio');
  expect(formatFact('impact_snapshot_seconds', '3725.4', 'en')).toBe('1\u00a0h\u00a002\u00a0min');
  expect(formatFact('impact_server_running_ms_sampled', '1500', 'en')).toBe('1.5\u00a0s');
  expect(formatFact('rejected', '12345', 'en')).toBe('12,345');
  expect(formatFact('impact_seconds', 'unknown', 'en')).toBe('unknown');
  expect(formatFact('of_tomorrow', '7', 'en')).toBe('7');
});

test('facts stand by what they are about, those that nobody has named last in the first group', () => {
  const groups = grouped({ zebra: '1', impact_server_temp_bytes: '0', rejected: '0', impact_seconds: '1', extract_id: 'x', position: '', impact_probe_after_ms: '1.00 (p95 2.00)' });
  expect(groups.map((one) => [one.group, one.facts.map(([name]) => name)])).toEqual([
    ['work', ['extract_id', 'rejected', 'zebra']],
    ['hold', ['impact_seconds']],
    ['answers', ['impact_probe_after_ms']],
    ['server', ['impact_server_temp_bytes']],
  ]);
});

test('how much slower the source was is told only if its pulse was felt', () => {
  expect(slowdown({ impact_probe_before_ms: '0.50 (p95 1.00)', impact_probe_during_ms: '1.00 (p95 9.00)' })).toBe(2);
  expect(slowdown({ impact_probe_during_ms: '1.00 (p95 9.00)' })).toBeUndefined();
});
