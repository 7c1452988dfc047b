-- The table as the application has had it for years, with the columns of an application.

CREATE TABLE members (
    member_no  INTEGER PRIMARY KEY AUTOINCREMENT,
    nickname   TEXT    NOT NULL,
    mail       TEXT,
    secret     TEXT    NOT NULL,                   -- an Argon2id hash; '!' where nobody may sign in
    full_name  TEXT    NOT NULL DEFAULT '',
    plan       TEXT    NOT NULL DEFAULT 'free',    -- free, paid
    level      TEXT    NOT NULL DEFAULT 'member',  -- member, admin
    blocked    BOOLEAN NOT NULL DEFAULT FALSE,
    joined     TEXT    NOT NULL DEFAULT CURRENT_TIMESTAMP,
    seen       TEXT,
    deleted_at TEXT                                -- a member who has left
);
