-- From which queue processes take a task: each may take from some alone.
ALTER TABLE task_instance ADD COLUMN queue text NOT NULL DEFAULT 'default';
