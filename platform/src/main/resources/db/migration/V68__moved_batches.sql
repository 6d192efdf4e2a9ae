-- Places that a command has taken an environment's batches away from: whoever still is there, or whose files say so, is
-- led to where they are.
CREATE TABLE staging_move (
  environment text NOT NULL,
  location text NOT NULL,
  moved_to text NOT NULL,
  moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (environment, location)
);
