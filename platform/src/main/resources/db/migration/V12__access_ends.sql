-- Sessions end when nobody uses them, and bearer tokens some day: those made without an end get one.
ALTER TABLE access_token ADD COLUMN used_at timestamptz;

UPDATE access_token SET expires_at = now() + interval '90 days' WHERE kind = 'bearer' AND expires_at IS NULL;
