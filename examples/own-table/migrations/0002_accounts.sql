-- What accounts need beside what is there. No column changes, and each new one may be empty, so that
-- whoever else writes to the table goes on as before.

ALTER TABLE members ADD COLUMN name_key TEXT;       -- the nickname as it is compared
ALTER TABLE members ADD COLUMN mail_key TEXT;       -- the address as it is compared
ALTER TABLE members ADD COLUMN restore_digest TEXT; -- of the one live link in a mail
ALTER TABLE members ADD COLUMN period TEXT;         -- the epoch, as long as
ALTER TABLE members ADD COLUMN period_of TEXT;      -- this is the secret

-- Whoever has left keeps neither name nor address from others.
CREATE UNIQUE INDEX members_name_key ON members (name_key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX members_mail_key ON members (mail_key) WHERE deleted_at IS NULL;
CREATE INDEX members_restore_digest ON members (restore_digest) WHERE restore_digest IS NOT NULL;
