-- Places that a command has taken an environment's tables away from: files of the project that still say one of them are
-- behind, and nobody settles there again.
CREATE TABLE warehouse_move (
  environment text NOT NULL,
  location text NOT NULL,
  moved_to text NOT NULL,
  moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (environment, location)
);
