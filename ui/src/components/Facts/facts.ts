import { formatBytes, formatDuration, formatInteger, formatLatency } from '../../format/format';
import type { Language, TextKey } from '../../i18n';

/** What a fact is about; in the order in which groups are shown. */
export const GROUPS = ['work', 'hold', 'answers', 'replicas', 'server'] as const;
export type Group = (typeof GROUPS)[number];
type Unit = 'text' | 'code' | 'count' | 'bytes' | 'seconds' | 'ms' | 'latency';

/** Every fact that the platform writes, in the order in which facts are shown. A test holds this against its source. */
export const FACTS = {
  error_code: ['work', 'code'],
  skipped_because: ['work', 'text'],
  extract_id: ['work', 'code'],
  position: ['work', 'code'],
  streams: ['work', 'count'],
  rejected: ['work', 'count'],
  tests: ['work', 'count'],
  tables: ['work', 'count'],
  impact_seconds: ['hold', 'seconds'],
  impact_snapshot_seconds: ['hold', 'seconds'],
  impact_throttled_seconds: ['hold', 'seconds'],
  impact_connections: ['hold', 'count'],
  impact_bytes_sent: ['hold', 'bytes'],
  impact_probe_before_ms: ['answers', 'latency'],
  impact_probe_during_ms: ['answers', 'latency'],
  impact_probe_after_ms: ['answers', 'latency'],
  impact_replica_lag_before_s: ['replicas', 'seconds'],
  impact_replica_lag_during_s: ['replicas', 'seconds'],
  impact_replica_lag_after_s: ['replicas', 'seconds'],
  impact_replicas_hidden: ['replicas', 'count'],
  impact_server_blocks_read: ['server', 'count'],
  impact_server_blocks_hit: ['server', 'count'],
  impact_server_blocks_asked: ['server', 'count'],
  impact_server_rows_read: ['server', 'count'],
  impact_server_temp_bytes: ['server', 'bytes'],
  impact_server_running_ms_sampled: ['server', 'ms'],
  impact_server_disk_ms_sampled: ['server', 'ms'],
  impact_server_sending_ms_sampled: ['server', 'ms'],
  impact_server_cpu_time_ms: ['server', 'ms'],
  impact_server_busy_time_ms: ['server', 'ms'],
} as const satisfies Record<string, readonly [Group, Unit]>;

export type FactName = keyof typeof FACTS;

export interface Latency {
  median: number;
  p95: number;
}

/** `0.26 (p95 0.55)`, in milliseconds; undefined if it is something else. */
export function latencyOf(text: string | undefined): Latency | undefined {
  const parts = /^(\d+(?:\.\d+)?) \(p95 (\d+(?:\.\d+)?)\)$/.exec(text ?? '');
  return parts ? { median: Number(parts[1]), p95: Number(parts[2]) } : undefined;
}

/** The facts of which latencies are, in the order of time. */
export const PHASES = ['impact_probe_before_ms', 'impact_probe_during_ms', 'impact_probe_after_ms'] as const;

/** How many times as long an answer took while the source was read; undefined if nobody felt its pulse. */
export function slowdown(facts: Record<string, string>): number | undefined {
  const [before, during] = PHASES.map((name) => latencyOf(facts[name])?.median);
  return before && during ? during / before : undefined;
}

export function isKnown(name: string): name is FactName {
  return Object.hasOwn(FACTS, name);
}

/** The text that names a fact; undefined if nobody has named it yet. */
export function nameKey(name: string): TextKey | undefined {
  return isKnown(name) ? `fact.${name}` : undefined;
}

/** A value with its unit, as people write it. What is not of its kind is shown as it came. */
export function formatFact(name: string, value: string, lang: Language): string {
  const unit: Unit = isKnown(name) ? FACTS[name][1] : 'text';
  if (unit === 'latency') {
    const latency = latencyOf(value);
    return latency ? `${formatLatency(latency.median, lang)} (p95 ${formatLatency(latency.p95, lang)})` : value;
  }
  const amount = Number(value);
  if (value.trim() === '' || !Number.isFinite(amount)) return value;
  switch (unit) {
    case 'count':
      return formatInteger(amount, lang);
    case 'bytes':
      return formatBytes(amount, lang);
    case 'seconds':
      return formatDuration(amount * 1000, lang);
    case 'ms':
      return formatDuration(amount, lang);
    case 'text':
    case 'code':
      return value;
  }
}

/** Whether a value is an identifier, which nobody reads as words. */
export function isCode(name: string): boolean {
  return !isKnown(name) || FACTS[name][1] === 'code';
}

export interface FactGroup {
  group: Group;
  facts: [string, string][];
}

/** The facts by what they are about; within a group as listed above, those without a name by name at the end of the first. */
export function grouped(facts: Record<string, string>): FactGroup[] {
  const order = new Map(Object.keys(FACTS).map((name, i) => [name, i]));
  const sorted = Object.entries(facts)
    .filter(([, value]) => value !== '')
    .sort(([one], [other]) => (order.get(one) ?? order.size) - (order.get(other) ?? order.size) || one.localeCompare(other));
  return GROUPS.map((group) => ({ group, facts: sorted.filter(([name]) => (isKnown(name) ? FACTS[name][0] : 'work') === group) })).filter((one) => one.facts.length > 0);
}
