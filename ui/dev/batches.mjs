import { iso } from './world.mjs';

const PAPER = { source: 'paper', stream: 'forms', run_id: 'no-run', rows: 0, bytes: 0, started_at: '2026-01-02T03:05:05Z', ended_at: '2026-01-02T03:05:05Z', compared_by: 'counts' };
const FORMS = [
  { ...PAPER, extract_id: '2', one_moment: false, whole: true, rejected_rows: 3, changed_columns: 1 },
  { ...PAPER, extract_id: '1', one_moment: true, whole: true, rejected_rows: 0, changed_columns: 0 },
];

export const PROBLEMS = [
  { severity: 'error', file: 'dags/erp_daily.yaml', line: 7, column: 24, message: "There is no source 'erpp'", hint: 'did you mean erp?' },
  { severity: 'error', file: 'models/marts/students.sql', line: 12, column: 6, message: 'erp.studens leads nowhere: there is neither a model nor a stream of that name', hint: 'did you mean erp.students?' },
  { severity: 'warning', file: 'models/marts/students.sql', line: 3, column: 3, message: 'Column nickname is described, but the query does not select it', hint: null },
];

/** A batch of each stream for every night that went well. */
export class Batches {
  constructor(runs, tables) {
    this.runs = runs;
    this.tables = tables;
  }

  of(source, stream) {
    if (source === 'paper' && stream === 'forms') return FORMS;
    const table = this.tables.get(`${source}.${stream}`);
    if (!table?.source) return undefined;
    return this.runs.all().filter((run) => run.dag_id === 'erp_daily' && run.ended_at && run.state === 'success').map((run, i) => ({
      source, stream, extract_id: `${run.id}.1`, run_id: run.id, rows: table.rows - i * 3, bytes: table.bytes - i * 90,
      started_at: run.started_at, ended_at: iso(Date.parse(run.started_at) + 1400), one_moment: stream !== 'attendances', compared_by: stream === 'grades' ? 'checksums' : 'counts', whole: stream !== 'attendances' || i === 13, rejected_rows: 0, changed_columns: 0,
    }));
  }

  streams(source, run) {
    const names = [...this.tables.values()].filter((one) => one.source).map((one) => [one.schema, one.name]);
    return [...names, ['paper', 'forms']].flatMap(([of, stream]) => {
      const all = this.of(of, stream).filter((batch) => !run || batch.run_id === run);
      if (all.length === 0 || (source && source !== of)) return [];
      return [{ source: of, stream, batches: all.length, bytes: all.reduce((sum, batch) => sum + batch.bytes, 0), newest: all[0] }];
    });
  }

  detail(source, stream, extract) {
    const all = this.of(source, stream) ?? [];
    const at = all.findIndex((one) => one.extract_id === extract);
    if (at < 0) return undefined;
    const batch = all[at];
    const odd = batch.rejected_rows > 0;
    const task = this.runs.runs.get(batch.run_id)?.tasks.find((one) => one.kind === 'extract');
    const columns = (this.tables.get(`${source}.${stream}`)?.columns ?? [{ name: 'id', type: 'varchar' }]).map(({ name, type, personal }) => ({ name, type, source_type: type === 'varchar' ? 'character varying(80)' : type, personal }));
    const parts = source === 'paper' ? [] : Array.from({ length: Math.ceil(batch.rows / 150_000) }, (_, i, { length } = { length: Math.ceil(batch.rows / 150_000) }) => ({ file: `part-${String(i).padStart(5, '0')}.parquet`, rows: Math.floor(batch.rows / length), bytes: Math.floor(batch.bytes / length), sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', origin: null, compared_by: batch.compared_by }));
    return {
      ...batch,
      content: {
        position: '00000003-00000A21-1', extractor: 'ecluse postgres 1', location: `/srv/supinfo/staging/dev/${source}/${stream}/${extract}`, formats: ['parquet'], primary_key: ['id'], columns, parts,
        changed_rows: batch.one_moment ? null : 214, key_rows: batch.whole ? null : 548_280,
        increment: batch.whole ? null : { cursor: 'updated_at', from: "updated_at >= '2026-11-24 03:00:04'", to: '2026-11-25 03:00:02', previous: all[at + 1]?.extract_id ?? null },
        rejected: odd ? [{ reason: 'column born holds no date', rows: 2 }, { reason: 'column id is too large', rows: 1 }] : [],
      },
      drift: odd ? ['column email (text) is gone'] : [],
      extract: task ? { run_id: batch.run_id, task_id: task.task_id, receipt: Object.fromEntries(Object.entries(task.facts).filter(([name]) => name.startsWith('impact_'))) } : null,
    };
  }
}
