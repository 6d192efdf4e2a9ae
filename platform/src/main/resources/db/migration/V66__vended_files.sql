-- Folders that runs were given for tables which engines of others are about to create; they go with what the run stages.
CREATE TABLE draft_folder (
  run_id      text NOT NULL,
  environment text NOT NULL,
  namespace   text NOT NULL,
  name        text NOT NULL,
  folder      text NOT NULL,
  PRIMARY KEY (run_id, folder)
);

-- Requests of engines of others that have changed something, by the keys that those gave them, and a checksum of what was asked.
CREATE TABLE made_request (
  run_id text NOT NULL,
  key    text NOT NULL,
  asked  text NOT NULL,
  PRIMARY KEY (run_id, key)
);
