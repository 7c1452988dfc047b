-- One row for each key that is counted; the key is a keyed digest. Moments are milliseconds since
-- 1970 in UTC. open_now, open_before: attempts under way that began in the slot of 30 seconds with
-- this number since 1970, and in the one before. After expires_at the row means nothing.
-- $COLLATION compares byte by byte. A CREATE TABLE commits by itself here, so that it can be run again.

CREATE TABLE IF NOT EXISTS auth_attempts (
    id            VARCHAR(32) NOT NULL PRIMARY KEY,
    failures      BIGINT      NOT NULL,
    since         BIGINT      NOT NULL,
    blocked_until BIGINT      NOT NULL,
    open_now      BIGINT      NOT NULL,
    open_before   BIGINT      NOT NULL,
    slot          BIGINT      NOT NULL,
    known_until   BIGINT      NOT NULL,
    expires_at    BIGINT      NOT NULL,
    INDEX auth_attempts_expiry (expires_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;
