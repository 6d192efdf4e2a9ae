import type { TableProgram } from './programs';
/** What the server's `/api/v1` speaks: JSON with snake_case keys, times as ISO-8601 in UTC. */

export type RunState = 'queued' | 'running' | 'success' | 'failed' | 'cancelled';
export type TaskRunState =
  | 'pending' | 'queued' | 'running' | 'retrying' | 'waiting' | 'success'
  | 'failed' | 'skipped' | 'cancelled' | 'upstream_failed';
/** Of an expired one only the text is left: its rows have had their time. */
export type QueryRunState = 'running' | 'done' | 'failed' | 'cancelled' | 'expired';

export interface ErrorBody {
  code: string;
  number: number;
  message: string;
  line?: number | null;
  column?: number | null;
  /** Which of several values that were sent is wrong. */
  field?: string | null;
  hint?: string | null;
}

export interface Session {
  user: string;
  expires_at: string;
}

export interface Health {
  status: string;
  version: string;
  environment: string;
  project: string;
  started_at: string;
}

export interface Run {
  id: string;
  dag_id: string;
  state: RunState;
  trigger: 'manual' | 'schedule' | 'cli';
  params?: Record<string, string>;
  logical_time: string;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  duration_ms: number | null;
  published: boolean;
  rolled_back: boolean;
  /** Why it is queued still, if something keeps it. */
  waits_for?: string | null;
  error: string | null;
}

export interface TaskState {
  task_id: string;
  kind: string;
  /** What people call the kind. */
  kind_word?: Localized;
  state: TaskRunState;
  attempt: number;
  max_attempts: number;
  started_at: string | null;
  ended_at: string | null;
  /** When it is tried again, if it waits for that. */
  next_attempt_at?: string | null;
  duration_ms: number | null;
  rows: number | null;
  /** Whether the number of rows is worth telling even if there were none. */
  counts_rows?: boolean;
  bytes: number | null;
  progress: { done: number; total: number } | null;
  error: string | null;
  upstream: string[];
  facts: Record<string, string>;
}

export interface RunDetail extends Run {
  tasks: TaskState[];
}

export interface RunPage {
  runs: Run[];
  next: string | null;
}

export interface TableFreshness {
  name: string;
  rows: number | null;
  updated_at: string | null;
  run_id: string | null;
  age_seconds: number | null;
}

export interface HomeView {
  project: string;
  environment: string;
  tables: TableFreshness[];
  recent_runs: Run[];
  failed_runs: Run[];
  next_runs: { dag_id: string; at: string }[];
}

export interface DagSummary {
  id: string;
  description: string | null;
  schedule: string | null;
  timezone: string | null;
  next_run_at: string | null;
  task_count: number;
  last_runs: Run[];
  /** What is wrong with its file, if anything is. */
  broken?: string | null;
}

export interface DagTask {
  id: string;
  kind: string;
  /** What people call the kind. */
  kind_word?: Localized;
  label: string;
  upstream: string[];
  x: number;
  y: number;
  target?: { type: 'table' | 'source' | 'model'; name: string } | null;
}

export interface Dag {
  id: string;
  description: string | null;
  schedule: string | null;
  timezone: string | null;
  /** Parameters of its runs, each with its default. */
  params: Record<string, string>;
  /** What values they take. */
  param_kinds: Record<string, ParamKind>;
  tasks: DagTask[];
}

export type ParamKind = 'flag' | 'number' | 'date' | 'text';

export interface Attempt {
  attempt: number;
  state: TaskRunState;
  started_at: string | null;
  ended_at: string | null;
  error: string | null;
}

export interface LogLine {
  n: number;
  at: string;
  level: string;
  text: string;
}

export interface LogPage {
  lines: LogLine[];
  next: number;
  complete: boolean;
}

export interface StagingStream {
  name: string;
  batches: number;
  rows: number | null;
  last_batch_at: string | null;
  bytes: number | null;
}

export interface Batch {
  source: string;
  stream: string;
  extract_id: string;
  run_id: string;
  rows: number;
  bytes: number;
  started_at: string;
  ended_at: string;
  /** Whether all rows are of one moment of the source. */
  one_moment: boolean;
  compared_by: Comparison;
  /** Whether it needs no batch before it. */
  whole: boolean;
  rejected_rows: number;
  /** In how many ways its columns are not those of the batch before. */
  changed_columns: number;
}

export type Comparison = 'counts' | 'checksums';

export interface StreamBatches {
  source: string;
  stream: string;
  batches: number;
  bytes: number;
  newest: Batch;
}

export interface BatchPart {
  file: string;
  rows: number;
  bytes: number;
  sha256: string;
  origin: string | null;
  compared_by: Comparison;
}

export interface BatchDetail extends Batch {
  content: {
    position: string;
    extractor: string;
    location: string;
    formats: string[];
    primary_key: string[];
    columns: { name: string; type: string; source_type: string; personal: boolean | null }[];
    parts: BatchPart[];
    changed_rows: number | null;
    key_rows: number | null;
    increment: { cursor: string; from: string | null; to: string | null; previous: string | null } | null;
    rejected: { reason: string; rows: number }[];
  };
  drift: string[];
  extract: { run_id: string; task_id: string; receipt: Record<string, string> } | null;
}

/** Something wrong in a file of the project. */
export interface Problem {
  severity: 'error' | 'warning';
  file: string;
  line: number;
  column: number;
  message: string;
  hint: string | null;
}

export interface WarehouseTable {
  name: string;
  kind: 'table' | 'view';
  rows: number | null;
  bytes: number | null;
  updated_at: string | null;
  description: string | null;
}

export type Zone =
  | { name: 'staging'; sources: { name: string; streams: StagingStream[] }[] }
  | { name: 'warehouse'; schemas: { name: string; tables: WarehouseTable[] }[] };

export interface Catalog {
  zones: Zone[];
}

export interface TableColumn {
  name: string;
  /** Null for a model of which nothing is published yet. */
  type: string | null;
  nullable: boolean;
  description: string | null;
  personal: boolean | null;
  tests: string[];
}

export interface TableTest {
  name: string;
  column: string | null;
  state: 'passed' | 'failed' | 'never_run';
  failing_rows: number | null;
  /** Of the first of them, as in `student_id = 17`. */
  failing_keys?: string | null;
  run_id: string | null;
  at: string | null;
}

export interface TableDetail {
  schema: string;
  name: string;
  kind: 'table' | 'view';
  description: string | null;
  rows: number | null;
  bytes: number | null;
  files: number | null;
  updated_at: string | null;
  run_id: string | null;
  model: { name: string; path: string; sql: string; upstream: string[]; downstream: string[] } | null;
  source: { name: string; stream: string } | null;
  programs: TableProgram[]; impact: string[];
  columns: TableColumn[];
  tests: TableTest[];
  /** What is wrong with the file of its model or source, if anything is. */
  broken?: string | null;
}

export interface Snapshot {
  id: string;
  at: string;
  operation: string;
  rows: number | null;
  added_rows: number | null;
  run_id: string | null;
  current: boolean;
}

/** A value of a cell. Numbers beyond 2^53 and exact decimals come as strings. */
export type Cell = string | number | boolean | null | Cell[] | { [key: string]: Cell };
export interface Column {
  name: string;
  type: string;
}

export interface Rows {
  columns: Column[];
  rows: Cell[][];
  offset: number;
  total: number;
}

export interface Completions {
  tables: { name: string; columns: string[] }[];
  /** Of the engine that runs the queries. */
  keywords?: string[];
  types?: string[];
  functions?: { name: string; kind: string; parameters: string }[];
}

export interface QuerySubmitted {
  id: string;
  state: QueryRunState;
}

export interface QueryStatus {
  id: string;
  sql: string;
  state: QueryRunState;
  columns: Column[];
  rows: number | null;
  elapsed_ms: number;
  error: ErrorBody | null;
  snapshots: Record<string, string>;
  truncated: boolean;
}

export interface QuerySummary {
  id: string;
  sql: string;
  state: QueryRunState;
  rows: number | null;
  elapsed_ms: number;
  submitted_at: string;
}

/** A text in each language of the project, or one for all. */
export type Localized = string | { en?: string; fr?: string } | null;

export type TileKind = 'number' | 'bar' | 'stacked_bar' | 'line' | 'pie' | 'heatmap' | 'table' | 'scatter';

export interface Tile {
  id: string;
  title: Localized;
  kind: TileKind;
  x: string | null;
  y: string | null;
  series: string | null;
  unit: string | null;
  format: 'integer' | 'decimal' | 'percent' | null;
  /** How the values of the x column are written. */
  x_format?: 'integer' | 'decimal' | 'percent' | 'weekday' | null;
  /** What words of the data, and names of columns, are called. */
  labels?: Record<string, Localized>;
  width: number | null;
  note: Localized;
  query: string;
}

export interface DashboardSummary {
  id: string;
  title: Localized;
  description: Localized;
  tiles: number;
  /** What is wrong with its file, if anything is. */
  broken?: string | null;
}

export interface Dashboard {
  id: string;
  title: Localized;
  description: Localized;
  tiles: Tile[];
}

export type TileData =
  | {
      tile: string;
      state: 'ok';
      columns: Column[];
      rows: Cell[][];
      elapsed_ms: number;
      as_of: string | null;
      tables: string[];
      snapshots: Record<string, string>;
    }
  | { tile: string; state: 'error'; error: ErrorBody };
