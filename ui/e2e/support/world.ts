import { request } from 'playwright-core';
import { server, sessionFile } from './browser';
import type { Batch, DagSummary, DashboardSummary, HomeView, Run, RunDetail, StreamBatches } from '../../src/api/types';

export interface World {
  dag: string;
  run: Run | undefined;
  /** A run with a test that found rows which break it. */
  failed: Run | undefined;
  /** The task of that run which read a source. */
  extract: string | undefined;
  table: string;
  /** A table of at least 100,000 rows, if there is one. */
  longTable: string | undefined;
  dashboard: string;
  /** A DAG whose run does not end before it is cancelled. */
  longDag: string;
  /** A DAG whose runs have parameters since (a date), deep, most (a number) and campus. */
  asks: string;
  /** A batch of that run, and one that has something unusual. */
  batch: Batch;
  oddBatch: Batch;
}

/** What the server under test has, so that the tests name nothing that only one project holds. */
export async function lookAround(): Promise<World> {
  const api = await request.newContext({ baseURL: server, storageState: process.env.ECLUSE_E2E_SESSION ?? sessionFile });
  const get = async <T>(path: string) => (await (await api.get(`/api/v1${path}`)).json()) as T;
  const dags = await get<DagSummary[]>('/dags');
  const home = await get<HomeView>('/home');
  const dashboards = await get<DashboardSummary[]>('/dashboards');
  const dag = dags.find((one) => one.id === 'erp_daily') ?? dags[0];
  const { runs } = await get<{ runs: Run[] }>(`/runs?state=success&dag=${dag?.id}&limit=1`);
  const run = runs[0];
  const failed = (await get<{ runs: Run[] }>('/runs?state=failed&limit=1')).runs[0];
  const extract = run && (await get<RunDetail>(`/runs/${run.id}`)).tasks.find((task) => task.kind === 'extract')?.task_id;
  const streams = await get<StreamBatches[]>('/batches');
  const batch = streams.find((one) => one.newest.run_id === run?.id)?.newest;
  const oddBatch = streams.find((one) => one.newest.rejected_rows > 0)?.newest;
  await api.dispose();
  const table = home.tables.find((one) => one.name === 'marts.students') ?? home.tables[0];
  const dashboard = dashboards.find((one) => one.id === 'school') ?? dashboards[0];
  if (!dag || !table || !dashboard) throw new Error(`The server at ${server} has no DAG, no table or no dashboard: run its flow once before`);
  const longTable = home.tables.find((one) => (one.rows ?? 0) >= 100_000)?.name;
  const longDag = 'away';
  if (!dags.some((one) => one.id === longDag)) throw new Error(`The server at ${server} has no DAG ${longDag} that goes on until it is cancelled`);
  const asks = 'asks';
  if (!dags.some((one) => one.id === asks)) throw new Error(`The server at ${server} has no DAG ${asks} with parameters`);
  if (!batch || !oddBatch) throw new Error(`The server at ${server} has no batch of run ${run?.id}, or none with rejected rows`);
  return { asks, batch, oddBatch, longDag, longTable, dag: dag.id, run, failed, extract, table: table.name, dashboard: dashboard.id };
}
