-- Runs, their tasks and what became of each try. The dispatcher's transactions are the only writers of
-- states, and every one of them names the state it expects.
CREATE TABLE run (
  id               text PRIMARY KEY,
  dag_id           text NOT NULL,
  environment      text NOT NULL,
  state            text NOT NULL CHECK (state IN ('queued', 'running', 'success', 'failed', 'cancelled')),
  trigger          text NOT NULL,
  logical_time     timestamptz NOT NULL,
  created_at       timestamptz NOT NULL,
  started_at       timestamptz,
  deadline         timestamptz,
  ended_at         timestamptz,
  dag              text NOT NULL,
  max_parallel     int NOT NULL,
  timeout_ms       bigint NOT NULL,
  exclusive_keys   text[] NOT NULL,
  params           text NOT NULL DEFAULT '{}',
  waits_for        text,
  cancel_requested boolean NOT NULL DEFAULT false,
  error            text
);

CREATE UNIQUE INDEX run_once_a_scheduled_time ON run (environment, dag_id, logical_time) WHERE trigger = 'schedule';
CREATE INDEX run_by_age ON run (environment, created_at DESC, id DESC);
CREATE INDEX run_by_dag ON run (environment, dag_id, created_at DESC);
CREATE INDEX run_active ON run (environment, created_at) WHERE state IN ('queued', 'running');

CREATE TABLE task_instance (
  run_id         text NOT NULL REFERENCES run ON DELETE CASCADE,
  task_id        text NOT NULL,
  ordinal        int NOT NULL,
  kind           text NOT NULL,
  upstream       text[] NOT NULL,
  state          text NOT NULL CHECK (state IN
                   ('pending', 'running', 'retrying', 'success', 'failed', 'cancelled', 'upstream_failed')),
  waiting_for    int NOT NULL,
  attempt        int NOT NULL DEFAULT 0,
  failures       int NOT NULL DEFAULT 0,
  max_attempts   int NOT NULL,
  next_at        timestamptz,
  worker_id      int,
  started_at     timestamptz,
  ended_at       timestamptz,
  rows           bigint NOT NULL DEFAULT 0,
  bytes          bigint NOT NULL DEFAULT 0,
  progress_done  bigint,
  progress_total bigint,
  error          text,
  facts          text NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, task_id)
) WITH (fillfactor = 70);

CREATE INDEX task_instance_ready ON task_instance (run_id, ordinal)
  WHERE waiting_for = 0 AND state IN ('pending', 'retrying');
CREATE INDEX task_instance_running ON task_instance (run_id, task_id) WHERE state = 'running';
CREATE INDEX task_instance_retrying ON task_instance (next_at) WHERE state = 'retrying';
CREATE INDEX task_instance_open ON task_instance (run_id, task_id) WHERE state IN ('pending', 'running', 'retrying');

CREATE TABLE attempt (
  run_id     text NOT NULL,
  task_id    text NOT NULL,
  attempt    int NOT NULL,
  state      text NOT NULL CHECK (state IN ('running', 'success', 'failed', 'cancelled', 'lost')),
  worker_id  int NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz,
  error      text,
  PRIMARY KEY (run_id, task_id, attempt),
  FOREIGN KEY (run_id) REFERENCES run ON DELETE CASCADE
) WITH (fillfactor = 70);

CREATE TABLE task_log (
  run_id  text NOT NULL REFERENCES run ON DELETE CASCADE,
  task_id text NOT NULL,
  attempt int NOT NULL,
  n       int NOT NULL,
  at      timestamptz NOT NULL,
  level   text NOT NULL,
  text    text NOT NULL,
  PRIMARY KEY (run_id, task_id, attempt, n)
);

-- A process that runs tasks. It lives as long as it holds the advisory lock of its id.
CREATE TABLE worker (
  id          int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  environment text NOT NULL,
  process     text NOT NULL,
  slots       int NOT NULL,
  started_at  timestamptz NOT NULL
);

CREATE TABLE schedule_state (
  environment  text NOT NULL,
  dag_id       text NOT NULL,
  last_time    timestamptz NOT NULL,
  PRIMARY KEY (environment, dag_id)
);
