-- So that the jobs that died long ago are found among those that died.
-- One statement, so that it can be run again.

ALTER TABLE auth_outbox DROP INDEX auth_outbox_due, ADD INDEX auth_outbox_due (due_at, created_at, seq);
