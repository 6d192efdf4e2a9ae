-- Schemas that engines of others have made in a run, and what they say of them, in JSON; they go with
-- what the run stages. Tables make their schemas by themselves.
CREATE TABLE run_namespace (
  run_id      text NOT NULL,
  environment text NOT NULL,
  namespace   text NOT NULL,
  properties  text NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, namespace)
);

-- A view as an engine of others wrote it, in Iceberg's JSON; null for those that models make.
ALTER TABLE view_version ADD COLUMN metadata text;
