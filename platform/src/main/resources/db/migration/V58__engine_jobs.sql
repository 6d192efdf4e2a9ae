-- Applications of engines that run elsewhere, one a cluster and warm between jobs, and their jobs: whoever comes after a
-- process that died finds both here. Tokens are kept as hashes.
CREATE TABLE engine_session (
  id text PRIMARY KEY,
  environment text NOT NULL,
  cluster text NOT NULL,
  state text NOT NULL CHECK (state IN ('starting', 'alive', 'ended')),
  token_hash text NOT NULL,
  process text,
  application text,
  log text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz
);
CREATE UNIQUE INDEX engine_session_one ON engine_session (environment, cluster) WHERE state <> 'ended';

CREATE TABLE engine_job (
  id text PRIMARY KEY,
  environment text NOT NULL,
  cluster text NOT NULL,
  run_id text NOT NULL,
  task_id text NOT NULL,
  attempt integer NOT NULL,
  request jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  cancel_requested boolean NOT NULL DEFAULT false,
  tries integer NOT NULL DEFAULT 0,
  session text REFERENCES engine_session (id) ON DELETE SET NULL,
  token_hash text,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz,
  progress jsonb,
  facts jsonb,
  result jsonb
);
CREATE INDEX engine_job_open ON engine_job (environment, cluster, created_at) WHERE state IN ('queued', 'running');
CREATE INDEX engine_job_of_task ON engine_job (run_id, task_id);

CREATE TABLE engine_job_line (
  n bigserial PRIMARY KEY,
  job text NOT NULL REFERENCES engine_job (id) ON DELETE CASCADE,
  text text NOT NULL
);
CREATE INDEX engine_job_line_of_job ON engine_job_line (job, n);
