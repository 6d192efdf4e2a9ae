-- The project's files that a run was started with: content once, however many runs name it.
CREATE TABLE run_bundle (
  hash    text PRIMARY KEY,
  content bytea NOT NULL,
  used_at timestamptz NOT NULL
);

ALTER TABLE run ADD COLUMN bundle text REFERENCES run_bundle;
CREATE INDEX run_by_bundle ON run (bundle);

-- What a schedule said when its last time was seen to: another one begins at the moment it is first seen.
ALTER TABLE schedule_state ADD COLUMN cron text, ADD COLUMN timezone text;

-- Steps of the clock that were noticed, once however many processes noticed them.
CREATE TABLE clock_step (
  environment  text NOT NULL,
  noticed_at   timestamptz NOT NULL,
  step_ms      bigint NOT NULL,
  PRIMARY KEY (environment, noticed_at)
);
