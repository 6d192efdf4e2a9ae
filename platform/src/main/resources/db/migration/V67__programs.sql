-- What programs have read and written is asked for with every table; of all tasks, few are programs.
CREATE INDEX task_instance_programs ON task_instance (run_id) WHERE kind = 'spark';
