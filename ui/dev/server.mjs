// A development tool, NOT the platform: answers the web app's requests from made-up data in memory, in the shapes
// of /api/v1, so that pages can be built and photographed without a Java build. It checks no SQL and keeps nothing.
//   node dev/server.mjs [--port 8099] [--empty] [--problems] [--pace MS] [--vite]
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { AWKWARD, SCHOOL, answer } from './dashboards.mjs';
import { Batches, PROBLEMS } from './batches.mjs';
import { Runs } from './runs.mjs';
import { cellsOf, iso, makeTables } from './world.mjs';

const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
const port = Number(option('--port', '8099'));
const empty = args.includes('--empty');
const started = Date.now();
const runs = new Runs(started, { empty, pace: Number(option('--pace', '350')) });
const tables = empty ? new Map() : makeTables(started, runs.last('erp_daily').id);
const batches = new Batches(runs, tables);
const queries = new Map();
const dist = new URL('../dist/', import.meta.url).pathname;

class Refusal extends Error {
  constructor(status, code, number, message, more = {}) {
    super(message);
    this.status = status;
    this.body = { error: { code, number, message, ...more } };
  }
}
const missing = (what) => new Refusal(404, 'NOT_FOUND', 1004, `There is no ${what}`);
const found = (value, what) => {
  if (value === undefined) throw missing(what);
  return value;
};
const oneRun = (id) => found(runs.runs.get(id), `run ${id}`);
const oneTask = (run, id) => found(run.tasks.find((task) => task.task_id === id), `task ${id} in run ${run.id}`);

const routes = [
  ['POST', '/session', ({ body }) => {
    if (!body.code?.startsWith('dev')) throw new Refusal(401, 'SIGN_IN_CODE_INVALID', 1101, 'This sign-in code is unknown, used or too old', { hint: 'Run ecluse sign-in in the project folder for a new link.' });
    return { status: 204, headers: { 'Set-Cookie': 'ecluse-fixture=in; HttpOnly; SameSite=Strict; Path=/' } };
  }],
  ['DELETE', '/session', () => ({ status: 204, headers: { 'Set-Cookie': 'ecluse-fixture=; Max-Age=0; Path=/' } })],
  ['GET', '/session', () => ({ user: 'admin', expires_at: iso(Date.now() + 12 * 3_600_000) })],
  ['GET', '/health', () => ({ status: 'ok', version: 'fixture server', environment: 'dev', project: 'supinfo', started_at: iso(started) })],
  ['GET', '/home', () => ({
    project: 'supinfo', environment: 'dev',
    tables: [...tables.values()].filter((one) => one.kind === 'table').map((one) => ({ name: `${one.schema}.${one.name}`, rows: one.rows, updated_at: one.updated_at, run_id: one.run_id, age_seconds: Math.round((Date.now() - Date.parse(one.updated_at)) / 1000) })),
    recent_runs: runs.all().slice(0, 10).map(runs.view), failed_runs: runs.all().filter((run) => run.state === 'failed').map(runs.view),
    next_runs: empty ? [] : [{ dag_id: 'open_days_and_fairs_with_a_very_long_name_that_goes_on_and_on', at: iso(Date.now() + 600_000) }, { dag_id: 'erp_daily', at: iso(Date.now() + 9 * 3_600_000) }],
  })],
  ['GET', '/dags', () => [...runs.dags.values()].map(({ tasks, ...dag }) => ({ ...dag, next_run_at: dag.schedule ? iso(Date.now() + 9 * 3_600_000) : null, task_count: tasks.length, last_runs: runs.all().filter((run) => run.dag_id === dag.id).slice(0, 10).map(runs.view) }))],
  ['GET', '/dags/:id', ({ id }) => found(runs.dags.get(id), `DAG ${id}`)],
  ['POST', '/dags/:id/runs', ({ id, body }) => {
    found(runs.dags.get(id), `DAG ${id}`);
    const wrong = Object.entries(body.params ?? {}).find(([, value]) => value.includes('\\'));
    if (wrong) throw new Refusal(400, 'INVALID_USAGE', 1001, `The parameter ${wrong[0]} must be one line of at most 1,000 characters, without backslashes and control characters`, { field: wrong[0] });
    return { status: 201, json: runs.view(runs.trigger(id, body.params)) };
  }],
  ['GET', '/runs', ({ query }) => {
    const all = runs.all().filter((run) => (!query.get('dag') || run.dag_id === query.get('dag')) && (!query.get('state') || run.state === query.get('state')));
    const from = query.get('before') ? all.findIndex((run) => run.id === query.get('before')) + 1 : 0;
    const limit = Number(query.get('limit') ?? 50);
    const page = all.slice(from, from + limit);
    return { runs: page.map(runs.view), next: from + limit < all.length ? page.at(-1).id : null };
  }],
  ['GET', '/runs/:id', ({ id }) => oneRun(id)],
  ['POST', '/runs/:id/cancel', ({ id }) => { runs.cancel(oneRun(id)); return { status: 202 }; }],
  ['POST', '/runs/:id/retry', ({ id, body }) => { const run = oneRun(id); runs.retry(run, body?.from); return { status: 202, json: runs.view(run) }; }],
  ['POST', '/runs/:id/rollback', ({ id }) => {
    const run = oneRun(id);
    if (run !== runs.all().find((one) => one.published)) throw new Refusal(409, 'ROLLBACK_REFUSED', 1301, `Run ${id} is not the last that published erp.students`, { hint: 'Roll back the later runs first, newest first.' });
    run.rolled_back = true;
    return { tables: ['erp.students', 'marts.students'] };
  }],
  ['GET', '/runs/:id/tasks/:task/attempts', ({ id, task }) => {
    const run = oneRun(id);
    const one = oneTask(run, task);
    return Array.from({ length: one.attempt }, (_, i) => ({ attempt: i + 1, state: i + 1 < one.attempt ? 'failed' : one.state, started_at: one.started_at, ended_at: one.ended_at, error: i + 1 < one.attempt ? 'The source closed the connection' : one.error }));
  }],
  ['GET', '/runs/:id/tasks/:task/attempts/:n/log', ({ id, task, n, query }) => {
    const run = oneRun(id);
    const one = oneTask(run, task);
    const after = Number(query.get('after') ?? 0);
    const lines = runs.log(run, one, n).slice(after, after + 1000);
    return { lines, next: lines.at(-1)?.n ?? after, complete: one.state !== 'running' };
  }],
  ['GET', '/catalog', () => {
    const of = (schema) => [...tables.values()].filter((one) => one.schema === schema);
    return { zones: [
      { name: 'staging', sources: empty ? [] : [{ name: 'erp', streams: of('erp').map((one) => ({ name: one.name, batches: 14, rows: one.rows * 14, last_batch_at: one.updated_at, bytes: one.bytes * 14 })) }] },
      { name: 'warehouse', schemas: [...new Set([...tables.values()].map((one) => one.schema))].map((name) => ({ name, tables: of(name).map(({ name: table, kind, rows, bytes, updated_at, description }) => ({ name: table, kind, rows, bytes, updated_at, description })) })) },
    ] };
  }],
  ['GET', '/catalog/completions', () => ({ tables: [...tables.entries()].sort(([one], [other]) => one.startsWith('erp.') - other.startsWith('erp.')).map(([name, table]) => ({ name, columns: table.columns.map((one) => one.name) })), keywords: ['select', 'from', 'where', 'group', 'by', 'order', 'limit', 'qualify', 'join', 'on', 'and', 'or'], types: ['varchar', 'hugeint'], functions: [{ name: 'count', kind: 'aggregate', parameters: '' }, { name: 'date_trunc', kind: 'scalar', parameters: 'part, date' }, { name: 'range', kind: 'table', parameters: '' }] })],
  ['GET', '/catalog/tables/:schema/:table', ({ schema, table }) => found(tables.get(`${schema}.${table}`), `table ${schema}.${table}`)],
  ['GET', '/catalog/tables/:schema/:table/sample', ({ schema, table }) => {
    const one = found(tables.get(`${schema}.${table}`), 'such table');
    return { columns: one.columns.map(({ name, type }) => ({ name, type })), rows: cellsOf(one.columns, Math.min(50, one.rows ?? 50)), offset: 0, total: 50 };
  }],
  ['GET', '/catalog/tables/:schema/:table/snapshots', ({ schema, table }) => {
    const one = found(tables.get(`${schema}.${table}`), 'such table');
    return one.kind === 'view' ? [] : runs.all().filter((run) => run.published && run.dag_id === 'erp_daily').map((run, i) => ({ id: String(5527363321558400000n - BigInt(i)), at: run.ended_at, operation: 'overwrite', rows: one.rows - i * 3, added_rows: one.rows - i * 3, run_id: run.id, current: i === 0 }));
  }],
  ['GET', '/batches', ({ query }) => (empty ? [] : batches.streams(query.get('source'), query.get('run')))],
  ['GET', '/batches/:source/:stream', ({ source, stream }) => found(batches.of(source, stream), `stream ${source}.${stream}`)],
  ['GET', '/batches/:source/:stream/:extract', ({ source, stream, extract }) => found(batches.detail(source, stream, extract), `batch ${extract}`)],
  ['GET', '/project/problems', () => (args.includes('--problems') ? PROBLEMS : [])],
  ['POST', '/queries', ({ body }) => {
    const id = `q${String(queries.size + 1).padStart(4, '0')}-${started.toString(36)}`;
    const query = { id, sql: body.sql, at: Date.now(), slow: /sleep/i.test(body.sql), state: 'running', error: null };
    const wrong = /slect|nowhere/i.exec(body.sql);
    if (wrong) {
      const before = body.sql.slice(0, wrong.index).split('\n');
      query.state = 'failed';
      query.error = { code: 'SQL_INVALID', number: 1005, message: `syntax error at or near "${wrong[0]}"`, line: before.length, column: before.at(-1).length + 1, hint: 'Did you mean SELECT?' };
    } else if (!query.slow) query.state = 'done';
    queries.set(id, query);
    return { status: 202, json: { id, state: query.state } };
  }],
  // What a restart does to queries: their texts are kept, their rows are not.
  ['POST', '/fixture/restart', () => { queries.forEach((query) => { query.state = 'EXPIRED'; }); return { status: 204 }; }],
  ['GET', '/queries', () => [...queries.values()].reverse().map((query) => ({ id: query.id, sql: query.sql, state: query.state, rows: query.state === 'done' ? rowsOf(query).total : null, elapsed_ms: 31, submitted_at: iso(query.at) }))],
  ['GET', '/queries/:id', ({ id }) => {
    const query = found(queries.get(id), `query ${id}`);
    if (query.state === 'running' && Date.now() - query.at > 20_000) query.state = 'done';
    const { columns, total, table } = rowsOf(query);
    return { id, sql: query.sql, state: query.state, columns: query.state === 'done' ? columns : [], rows: query.state === 'done' ? total : null, elapsed_ms: query.state === 'running' ? Date.now() - query.at : 31, error: query.error, snapshots: table ? { [table]: '5527363321558400000' } : {}, truncated: false };
  }],
  ['GET', '/queries/:id/rows', ({ id, query: search }) => {
    const asked = found(queries.get(id), `query ${id}`);
    if (asked.state === 'EXPIRED') throw missing(`result of query ${id}`);
    const { columns, total } = rowsOf(asked);
    const offset = Number(search.get('offset') ?? 0);
    const rows = cellsOf(columns, Math.min(Number(search.get('limit') ?? 500), total - offset), offset + 7);
    rows.forEach((row, i) => { if (columns[0].name === 'id') row[0] = offset + i + 1; });
    return { columns, rows, offset, total };
  }],
  ['POST', '/queries/:id/cancel', ({ id }) => { found(queries.get(id), 'such query').state = 'cancelled'; return { status: 202 }; }],
  ['GET', '/queries/:id/export', ({ id, query }) => { const format = query.get('format') ?? 'csv'; const { columns } = rowsOf(found(queries.get(id), 'such query')); return { status: 200, text: `${columns.map((one) => one.name).join(',')}\n`, headers: { 'Content-Type': 'text/csv', 'Content-Disposition': `attachment; filename=students-20261128.${format.startsWith('csv') ? 'csv' : format}` } }; }],
  ['GET', '/queries/:id/download', ({ id }) => { const { columns } = rowsOf(found(queries.get(id), 'such query')); return { status: 200, text: `${columns.map((one) => one.name).join(',')}\n`, headers: { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachment; filename=result.csv' } }; }],
  ['GET', '/dashboards', () => (empty ? [] : [SCHOOL, AWKWARD].map(({ id, title, description, tiles }) => ({ id, title, description, tiles: tiles.length })))],
  ['GET', '/dashboards/:id', ({ id }) => { const one = [SCHOOL, AWKWARD].find((dashboard) => dashboard.id === id); if (!one) throw new Refusal(404, 'NOT_FOUND', 1003, `The project has no dashboard '${id}': there are awkward, school`); return one; }],
];

function rowsOf(query) {
  const table = /(\w+\.\w+)/.exec(query.sql.replaceAll(/'[^']*'/g, ''))?.[1];
  const known = tables.get(table) ?? tables.get('erp.attendances');
  const limit = Number(/limit\s+(\d+)/i.exec(query.sql)?.[1] ?? Infinity);
  const total = /where false/i.test(query.sql) ? 0 : Math.min(known?.rows ?? 10, limit, 1_000_000);
  return { columns: (known?.columns ?? [{ name: 'one', type: 'integer' }]).map(({ name, type }) => ({ name, type })), total, table: known && tables.get(table) ? table : undefined };
}

const compiled = routes.map(([method, pattern, handle]) => [method, new RegExp(`^${pattern.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`), handle]);

function stream(response, type) {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.flushHeaders();
}

function events(response, wanted) {
  stream(response, 'text/event-stream');
  const listener = (runId, event, data) => {
    const name = wanted(runId, event);
    if (name) response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  runs.listeners.add(listener);
  response.on('close', () => runs.listeners.delete(listener));
}

async function dashboardData(response, dashboard, body) {
  stream(response, 'application/x-ndjson');
  for (const tile of dashboard.tiles.filter((one) => !body.tiles || body.tiles.includes(one.id))) {
    await new Promise((resolve) => setTimeout(resolve, 40));
    response.write(`${JSON.stringify(answer(tile, Date.now()))}\n`);
  }
  response.end();
}

async function api(request, response, path, query) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const body = text ? JSON.parse(text) : {};
  const signedIn = (request.headers.cookie ?? '').includes('ecluse-fixture=in');
  if (!signedIn && path !== '/health' && !(path === '/session' && request.method === 'POST')) throw new Refusal(401, 'UNAUTHENTICATED', 1100, 'Nobody is signed in', { hint: 'Open a sign-in link; ecluse sign-in prints one.' });
  if (request.method !== 'GET' && request.headers['x-ecluse-request'] !== '1') throw new Refusal(403, 'FORBIDDEN', 1102, 'The header X-Ecluse-Request is missing');

  if (path === '/events') return events(response, (_, event) => (event === 'run' ? 'run' : null));
  const live = /^\/runs\/([^/]+)\/events$/.exec(path);
  if (live) return events(response, (id, event) => (id === live[1] && ['run', 'task', 'end'].includes(event) ? event : null));
  const log = /^\/runs\/([^/]+)\/tasks\/([^/]+)\/attempts\/(\d+)\/log\/events$/.exec(path);
  if (log) return events(response, (id, event) => (event === `line ${log[1]} ${decodeURIComponent(log[2])} ${log[3]}` ? 'line' : id === log[1] && event === 'end' ? 'end' : null));
  for (const dashboard of [SCHOOL, AWKWARD]) if (path === `/dashboards/${dashboard.id}/data`) return dashboardData(response, dashboard, body);

  for (const [method, pattern, handle] of compiled) {
    const match = method === request.method && pattern.exec(path);
    if (!match) continue;
    const parts = Object.fromEntries(Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]));
    const answered = handle({ ...parts, body, query });
    const { status = 200, json = status === 200 ? answered : undefined, text: plain, headers = {} } = answered.status && !answered.version ? answered : { json: answered };
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
    return response.end(plain ?? (json === undefined ? '' : JSON.stringify(json)));
  }
  throw missing(`door ${request.method} ${path}`);
}

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' };

function page(response, path) {
  const wanted = join(dist, path);
  const file = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, 'index.html');
  // The platform's policy, so that what it forbids is found here.
  response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'" });
  createReadStream(file).pipe(response);
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (!pathname.startsWith('/api/v1')) return page(response, pathname);
  return api(request, response, pathname.slice('/api/v1'.length), searchParams).catch((failure) => {
    const refusal = failure instanceof Refusal ? failure : new Refusal(500, 'INTERNAL', 9000, String(failure.message));
    if (!(failure instanceof Refusal)) console.error(failure);
    response.writeHead(refusal.status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(refusal.body));
  });
}).listen(port, '127.0.0.1', () => {
  console.log(`Fixture server (made-up data, no platform) on http://127.0.0.1:${port}/sign-in#code=dev-0001`);
});

if (args.includes('--vite')) spawn('npx', ['vite'], { stdio: 'inherit', env: { ...process.env, ECLUSE_URL: `http://127.0.0.1:${port}` } });
