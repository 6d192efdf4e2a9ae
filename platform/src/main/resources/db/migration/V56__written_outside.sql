-- Runs of which engines of others have said that they have written all that they write.
CREATE TABLE written_run (
  run_id      text PRIMARY KEY,
  environment text NOT NULL
);
