-- Views: a SELECT that is read in place of a table. A row never changes; a run that builds a view adds one.
CREATE TABLE view_version (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  environment  text NOT NULL,
  namespace    text NOT NULL,
  name         text NOT NULL,
  run_id       text NOT NULL,
  sql          text NOT NULL,
  column_names text[] NOT NULL,
  column_types text[] NOT NULL,
  upstream     text[] NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The names that are views now. If there was a table of that name, its row in iceberg_tables has the type KEPT
-- meanwhile, which no engine takes for a table: it keeps the states that can still be read and rolled back to.
CREATE TABLE published_view (
  environment text NOT NULL,
  namespace   text NOT NULL,
  name        text NOT NULL,
  view_id     bigint NOT NULL REFERENCES view_version,
  PRIMARY KEY (environment, namespace, name)
);

ALTER TABLE staged_table
  ALTER COLUMN metadata_location DROP NOT NULL,
  ADD COLUMN view_id bigint REFERENCES view_version,
  ADD COLUMN base_view_id bigint REFERENCES view_version,
  ADD CHECK (num_nonnulls(metadata_location, view_id) = 1);

ALTER TABLE publication_table
  ALTER COLUMN snapshot_id DROP NOT NULL,
  ADD COLUMN view_id bigint REFERENCES view_version,
  ADD COLUMN previous_view_id bigint REFERENCES view_version,
  ADD CHECK (num_nonnulls(snapshot_id, view_id) = 1);
