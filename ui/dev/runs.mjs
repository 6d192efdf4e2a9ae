import { bigTasks, erpTasks, iso } from './world.mjs';

const DAY = 86_400_000;
const over = (run) => ['success', 'failed', 'cancelled'].includes(run.state);

/** What an extract of the platform tells; the other tasks here tell nothing. */
function factsOf(task, run) {
  if (task.kind !== 'extract') return task.kind === 'test' ? { tests: '3' } : {};
  return {
    extract_id: `${run.id}.1`, position: '00000003-00000A21-1', streams: '11', rejected: '0',
    impact_seconds: '41.20', impact_snapshot_seconds: '40.75', impact_connections: '5', impact_bytes_sent: '104857600', impact_throttled_seconds: '6.31',
    impact_probe_before_ms: '0.26 (p95 0.55)', impact_probe_during_ms: '0.41 (p95 1.90)', impact_probe_after_ms: '0.27 (p95 0.58)',
    impact_replica_lag_before_s: '0.00', impact_replica_lag_during_s: '1.40', impact_replica_lag_after_s: '0.20',
    impact_server_blocks_read: '12044', impact_server_blocks_hit: '88123', impact_server_temp_bytes: '0',
    impact_server_running_ms_sampled: '21400', impact_server_disk_ms_sampled: '3100', impact_server_sending_ms_sampled: '9200',
  };
}

/** Runs that have been and runs that go on, in this process only. Tells `publish` of each change. */
export class Runs {
  constructor(now, { empty, pace = 350 }) {
    this.pace = pace;
    this.listeners = new Set();
    this.runs = new Map();
    this.logs = new Map();
    this.dags = new Map([
      ['erp_daily', { id: 'erp_daily', description: 'Every night, the ERP becomes the warehouse. Nothing is published unless all tests hold.', schedule: '0 3 * * *', timezone: 'Europe/Paris', tasks: erpTasks() }],
      ['five_hundred_tasks', { id: 'five_hundred_tasks', description: 'A flow of five hundred tasks, for whoever draws graphs.', schedule: null, timezone: null, tasks: bigTasks() }],
      ['open_days_and_fairs_with_a_very_long_name_that_goes_on_and_on', { id: 'open_days_and_fairs_with_a_very_long_name_that_goes_on_and_on', description: null, schedule: '*/15 * * * *', timezone: 'Europe/Paris', tasks: erpTasks().slice(0, 1) }],
    ]);
    this.dags.set('away', { id: 'away', description: 'Waits for a source that is away.', schedule: null, timezone: null, tasks: [{ id: 'extract_away', kind: 'extract', label: 'away', upstream: [], x: 0, y: 0 }] });
    for (const dag of this.dags.values()) Object.assign(dag, { params: {}, param_kinds: {} });
    this.dags.set('asks', { id: 'asks', description: 'Asks what to run with.', schedule: null, timezone: null, params: { since: '2024-09-01', deep: 'false', most: '3', campus: 'Lyon' }, param_kinds: { since: 'date', deep: 'flag', most: 'number', campus: 'text' }, tasks: erpTasks().slice(0, 1) });
    if (empty) return;
    for (let night = 14; night >= 1; night -= 1) this.past('erp_daily', now - night * DAY + 2 * 3_600_000, night === 6 || night === 3 ? 'failed' : 'success', night === 9 ? 'manual' : 'schedule');
    this.past('five_hundred_tasks', now - 2 * DAY, 'success', 'cli');
  }

  last(dag) {
    return this.all().find((run) => run.dag_id === dag);
  }

  all() {
    return [...this.runs.values()].sort((one, other) => (one.id < other.id ? 1 : -1)).sort((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at));
  }

  make(dag, at, trigger, state) {
    const stamp = iso(at).replace(/[-:]/g, '').slice(0, 15);
    const id = `${dag}-${stamp}-${(at % 65536).toString(16).padStart(4, '0')}`;
    const tasks = this.dags.get(dag).tasks.map((task) => ({ task_id: task.id, kind: task.kind, state: 'pending', attempt: 0, max_attempts: 3, next_attempt_at: null, started_at: null, ended_at: null, duration_ms: null, rows: null, bytes: null, progress: null, error: null, upstream: task.upstream, facts: {} }));
    const run = { id, dag_id: dag, state, trigger, logical_time: iso(at), created_at: iso(at), started_at: null, ended_at: null, duration_ms: null, published: false, rolled_back: false, error: null, tasks };
    this.runs.set(id, run);
    return run;
  }

  past(dag, at, state, trigger) {
    const run = this.make(dag, at, trigger, state);
    let clock = at;
    const ends = new Map();
    run.tasks.forEach((task, i) => {
      const start = Math.max(at + 40, ...task.upstream.map((id) => ends.get(id) ?? 0));
      const took = 90 + ((i * 7919) % 9) * 60 + (task.kind === 'extract' ? 1400 : 0);
      ends.set(task.task_id, start + took);
      const failing = state === 'failed' && task.task_id === 'models.marts.students.test';
      const after = state === 'failed' && (task.kind === 'publish' || task.task_id.startsWith('audits'));
      Object.assign(task, after ? { state: 'upstream_failed' } : { state: failing ? 'failed' : 'success', attempt: failing ? 3 : i === 5 ? 2 : 1, started_at: iso(start), ended_at: iso(start + took), duration_ms: took });
      if (!after) Object.assign(task, { rows: task.kind === 'test' ? 0 : 900 + i * 1733, bytes: 90_000 + i * 73_001, facts: factsOf(task, run) });
      if (failing) task.error = 'Test range of column average_grade of marts.students found 3 rows that break it, for example student_id 777624: average_grade 101.5 is over 100';
      clock = Math.max(clock, start + took);
    });
    Object.assign(run, { started_at: iso(at + 30), ended_at: iso(clock), duration_ms: clock - at - 30, published: state === 'success', error: state === 'failed' ? 'Task models.marts.students.test failed after 3 attempts: Test range of column average_grade of marts.students found 3 rows that break it' : null });
  }

  view(run) {
    return Object.fromEntries(Object.entries(run).filter(([key]) => key !== 'tasks'));
  }

  tell(run, event, data) {
    for (const listener of this.listeners) listener(run.id, event, data);
  }

  trigger(dag, params = {}) {
    const run = Object.assign(this.make(dag, Date.now(), 'manual', 'queued'), { params });
    const other = this.all().find((one) => one.dag_id === dag && one !== run && !over(one));
    if (other) run.waits_for = `Waits for run ${other.id} of the same DAG`;
    else this.go(run);
    return run;
  }

  go(run) {
    run.state = 'running';
    run.started_at ??= iso(Date.now());
    run.ended_at = null;
    run.error = null;
    this.tell(run, 'run', this.view(run));
    const timer = setInterval(() => {
      if (over(run)) return clearInterval(timer);
      return this.step(run);
    }, this.pace);
  }

  step(run) {
    const by = new Map(run.tasks.map((task) => [task.task_id, task]));
    if (run.dag_id === 'away') {
      const [task] = run.tasks;
      if (task.state === 'retrying') return;
      Object.assign(task, { state: 'retrying', attempt: 1, max_attempts: 10, started_at: iso(Date.now()), next_attempt_at: iso(Date.now() + 3_600_000), error: 'Source away does not answer at 127.0.0.1:1' });
      this.tell(run, 'task', task);
      return;
    }
    for (const task of run.tasks.filter((one) => one.state === 'running')) {
      task.progress.done += task.progress.total / 3;
      this.write(run, task, 'INFO', `${Math.round(task.progress.done)} of ${task.progress.total} rows`);
      if (task.progress.done >= task.progress.total) this.finish(run, task, 'success');
      else this.tell(run, 'task', task);
    }
    const free = 4 - run.tasks.filter((task) => task.state === 'running').length;
    run.tasks.filter((task) => task.state === 'pending' && task.upstream.every((id) => by.get(id).state === 'success')).slice(0, free).forEach((task) => {
      Object.assign(task, { state: 'running', attempt: task.attempt + 1, started_at: iso(Date.now()), progress: { done: 0, total: 90_000 } });
      this.write(run, task, 'INFO', `Task ${task.task_id} starts, attempt ${task.attempt} of ${task.max_attempts}`);
      this.tell(run, 'task', task);
    });
    if (run.tasks.every((task) => task.state === 'success')) this.end(run, 'success');
  }

  finish(run, task, state) {
    const ended = Date.now();
    Object.assign(task, { state, ended_at: iso(ended), duration_ms: ended - Date.parse(task.started_at), rows: 90_000, bytes: 2_400_000, progress: null });
    this.write(run, task, 'INFO', `Task ${task.task_id} ended: ${state}`);
    this.tell(run, 'task', task);
  }

  end(run, state) {
    run.ended_at = iso(Date.now());
    Object.assign(run, { state, published: state === 'success', duration_ms: Date.parse(run.ended_at) - Date.parse(run.started_at) });
    this.tell(run, 'run', this.view(run));
    this.tell(run, 'end', {});
    const next = this.all().findLast((one) => one.dag_id === run.dag_id && one.state === 'queued');
    if (next) this.go(Object.assign(next, { waits_for: null }));
  }

  cancel(run) {
    for (const task of run.tasks.filter((one) => ['running', 'pending', 'queued', 'retrying'].includes(one.state))) {
      Object.assign(task, { state: 'cancelled', progress: null, ended_at: task.started_at && iso(Date.now()) });
      this.tell(run, 'task', task);
    }
    this.end(run, 'cancelled');
  }

  retry(run, from) {
    const again = new Set(from ? [from] : run.tasks.filter((task) => task.state !== 'success').map((task) => task.task_id));
    for (const task of run.tasks) if (task.upstream.some((id) => again.has(id))) again.add(task.task_id);
    for (const task of run.tasks.filter((one) => again.has(one.task_id))) Object.assign(task, { state: 'pending', error: null, started_at: null, ended_at: null, duration_ms: null, rows: null });
    this.go(run);
  }

  key(run, task, attempt) {
    return `${run.id} ${task.task_id} ${attempt}`;
  }

  write(run, task, level, text) {
    const key = this.key(run, task, task.attempt);
    const lines = this.logs.get(key) ?? [];
    const line = { n: lines.length + 1, at: iso(Date.now()), level, text };
    lines.push(line);
    this.logs.set(key, lines);
    this.tell(run, `line ${key}`, line);
  }

  /** Of a run that has been, a log is made up when somebody asks: 2,000 lines. */
  log(run, task, attempt) {
    const key = this.key(run, task, attempt);
    if (!this.logs.has(key) && task.started_at !== null && over(run)) {
      const at = Date.parse(task.started_at);
      const lines = Array.from({ length: 2000 }, (_, i) => ({ n: i + 1, at: iso(at + i), level: i % 400 === 399 ? 'WARN' : 'INFO', text: i % 400 === 399 ? `Part ${i} was slow: 2.1 s` : `Read batch ${i}: ${i * 137} rows, column statistics kept` }));
      if (task.state === 'failed') lines.push({ n: 2001, at: task.ended_at, level: 'ERROR', text: task.error });
      this.logs.set(key, lines);
    }
    return this.logs.get(key) ?? [];
  }
}
