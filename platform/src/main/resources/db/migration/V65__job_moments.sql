-- What was published when a job elsewhere first asked for a table: it reads all of them as of then.

CREATE TABLE engine_job_moment (
  job     TEXT  PRIMARY KEY REFERENCES engine_job (id) ON DELETE CASCADE,
  content JSONB NOT NULL
);

-- Whether the attempt that waited for a job has its result: another attempt then wants the work done anew.
ALTER TABLE engine_job ADD COLUMN heard BOOLEAN NOT NULL DEFAULT false;
