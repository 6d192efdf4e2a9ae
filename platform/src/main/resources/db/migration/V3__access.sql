-- Sign-in codes, sessions and bearer tokens: hashes only, so that who reads this table cannot use them.
CREATE TABLE access_token (
  hash       text PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('code', 'session', 'bearer')),
  name       text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz
);

CREATE INDEX access_token_by_name ON access_token (kind, name);
