-- Beside the user table of a Django project, which is never altered.
-- Moments are milliseconds since 1970 in UTC. Keys are SHA-256 of a canonical form in hexadecimal,
-- because such a form can be many times as long as a name.
-- A CREATE TABLE commits by itself here, so that each can be run again.

-- The one row says which table was taken over, and when.
CREATE TABLE IF NOT EXISTS auth_takeover (
    id         INTEGER     NOT NULL PRIMARY KEY,
    user_table VARCHAR(64) NOT NULL,
    taken_at   BIGINT      NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;

-- What the epoch of a user is derived from, and the epoch that the user's old tokens belong to.
CREATE TABLE IF NOT EXISTS auth_takeover_users (
    user_id  BIGINT      NOT NULL PRIMARY KEY,
    root     VARCHAR(64) NOT NULL,
    seen     VARCHAR(64) NOT NULL,
    bumps    BIGINT      NOT NULL,
    snapshot VARCHAR(64) NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;

-- Who has a name and who an address, in whatever spelling.
CREATE TABLE IF NOT EXISTS auth_takeover_names (
    name_key VARCHAR(64) NOT NULL PRIMARY KEY,
    user_id  BIGINT      NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;
CREATE TABLE IF NOT EXISTS auth_takeover_emails (
    email_key VARCHAR(64) NOT NULL PRIMARY KEY,
    user_id   BIGINT      NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;

-- The old tokens that have become a session, or were signed out: none of them becomes another.
CREATE TABLE IF NOT EXISTS auth_takeover_tokens (
    session_id VARCHAR(64) NOT NULL PRIMARY KEY,
    user_id    BIGINT      NOT NULL
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;
