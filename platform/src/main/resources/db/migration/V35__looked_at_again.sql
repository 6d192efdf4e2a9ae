-- A task may go on elsewhere: it waits without a place, with what it is found by and until when one attempt may
-- take, and is looked at again at next_at. A task that had nothing to do is skipped.
ALTER TABLE task_instance
  ADD COLUMN handle text,
  ADD COLUMN deadline timestamptz,
  DROP CONSTRAINT task_instance_state_check,
  ADD CONSTRAINT task_instance_state_check CHECK (state IN
    ('pending', 'running', 'retrying', 'waiting', 'success', 'skipped', 'failed', 'cancelled', 'upstream_failed'));

ALTER TABLE attempt
  DROP CONSTRAINT attempt_state_check,
  ADD CONSTRAINT attempt_state_check CHECK (state IN
    ('running', 'waiting', 'success', 'skipped', 'failed', 'cancelled', 'lost'));

DROP INDEX task_instance_ready;
CREATE INDEX task_instance_ready ON task_instance (run_id, ordinal)
  WHERE waiting_for = 0 AND state IN ('pending', 'retrying', 'waiting');
DROP INDEX task_instance_retrying;
CREATE INDEX task_instance_again ON task_instance (next_at) WHERE state IN ('retrying', 'waiting');
DROP INDEX task_instance_open;
CREATE INDEX task_instance_open ON task_instance (run_id, task_id)
  WHERE state IN ('pending', 'running', 'retrying', 'waiting');
