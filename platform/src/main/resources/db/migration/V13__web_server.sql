-- Servers that were started and not stopped, so that others find where they listen. One that was killed stays;
-- whoever reads asks it by its id whether it is there.
CREATE TABLE web_server (
  id          text PRIMARY KEY,
  environment text NOT NULL,
  url         text NOT NULL,
  public_url  text NOT NULL,
  started_at  timestamptz NOT NULL
);
