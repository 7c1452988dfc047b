-- Beside the user table of a Django project, which is never altered.
-- Moments are milliseconds since 1970 in UTC. Keys are SHA-256 of a canonical form in hexadecimal,
-- because such a form can be many times as long as a name.

-- The one row says which table was taken over, and when.
CREATE TABLE auth_takeover (
    id         INTEGER     NOT NULL PRIMARY KEY,
    user_table VARCHAR(64) NOT NULL,
    taken_at   BIGINT      NOT NULL
);

-- What the epoch of a user is derived from, and the epoch that the user's old tokens belong to.
CREATE TABLE auth_takeover_users (
    user_id  INTEGER     NOT NULL PRIMARY KEY,
    root     VARCHAR(64) NOT NULL,
    seen     VARCHAR(64) NOT NULL,
    bumps    BIGINT      NOT NULL,
    snapshot VARCHAR(64) NOT NULL
);

-- Who has a name and who an address, in whatever spelling.
CREATE TABLE auth_takeover_names (
    name_key VARCHAR(64) NOT NULL PRIMARY KEY,
    user_id  BIGINT      NOT NULL
);
CREATE TABLE auth_takeover_emails (
    email_key VARCHAR(64) NOT NULL PRIMARY KEY,
    user_id   BIGINT      NOT NULL
);

-- The old tokens that have become a session, or were signed out: none of them becomes another.
CREATE TABLE auth_takeover_tokens (
    session_id VARCHAR(64) NOT NULL PRIMARY KEY,
    user_id    BIGINT      NOT NULL
);
