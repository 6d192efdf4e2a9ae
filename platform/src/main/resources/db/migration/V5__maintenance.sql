-- When old data was last looked for, so that several processes do it once an hour together.
CREATE TABLE maintenance (
  environment text PRIMARY KEY,
  started_at  timestamptz NOT NULL
);

-- Runs that ended long ago without publishing, and whose tables are gone: they cannot go on.
CREATE TABLE discarded_run (
  run_id       text PRIMARY KEY,
  environment  text NOT NULL,
  discarded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
