-- What a run made a model from: its file, and the state of each table that it read. The row of the run that made
-- what is published tells whether to build the model again would change anything.
CREATE TABLE model_state (
  environment  text NOT NULL,
  namespace    text NOT NULL,
  name         text NOT NULL,
  run_id       text NOT NULL,
  made_from    text NOT NULL,
  input_names  text[] NOT NULL,
  input_states text[] NOT NULL,
  built_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (environment, namespace, name, run_id)
);
