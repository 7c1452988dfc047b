-- So that the jobs that died long ago are found among those that died.

DROP INDEX auth_outbox_due;
CREATE INDEX auth_outbox_due ON auth_outbox (due_at, created_at, seq);
