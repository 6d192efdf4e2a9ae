-- The texts of the queries that people ran: they outlive the results and the server. No rows, no errors.
CREATE TABLE query_history (
  id           uuid PRIMARY KEY,
  environment  text NOT NULL,
  owner        text NOT NULL,
  query        text NOT NULL,
  submitted_at timestamptz NOT NULL,
  elapsed_ms   bigint NOT NULL DEFAULT 0
);

CREATE INDEX query_history_newest ON query_history (environment, owner, submitted_at DESC);
