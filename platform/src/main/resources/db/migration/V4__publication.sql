-- What each run made visible, and what was visible before: rollback and time travel read it.
CREATE TABLE publication (
  run_id         text PRIMARY KEY,
  environment    text NOT NULL,
  published_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  rolled_back_at timestamptz
);

CREATE TABLE publication_table (
  run_id               text NOT NULL REFERENCES publication ON DELETE CASCADE,
  namespace            text NOT NULL,
  name                 text NOT NULL,
  snapshot_id          bigint NOT NULL,
  previous_snapshot_id bigint,
  PRIMARY KEY (run_id, namespace, name)
);

CREATE INDEX publication_table_by_name ON publication_table (namespace, name);

-- The last outcome of each test in each run. failing_keys holds keys of rows, never other columns of them.
CREATE TABLE test_result (
  run_id       text NOT NULL,
  environment  text NOT NULL,
  namespace    text NOT NULL,
  name         text NOT NULL,
  test         text NOT NULL,
  column_name  text,
  passed       boolean NOT NULL,
  failing_rows bigint NOT NULL,
  failing_keys text,
  tested_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, namespace, name, test)
);

CREATE INDEX test_result_by_table ON test_result (environment, namespace, name, tested_at DESC);
