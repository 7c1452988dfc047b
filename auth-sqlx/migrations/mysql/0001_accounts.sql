-- 150 characters of a name may have been given as 600, four for each.
-- Moments are milliseconds since 1970 in UTC. $COLLATION compares byte by byte, spaces at the end
-- included. A CREATE TABLE commits by itself here, so that each can be run again.

CREATE TABLE IF NOT EXISTS auth_users (
    id              VARCHAR(64)  NOT NULL PRIMARY KEY,
    username        VARCHAR(600) NOT NULL,
    login_key       VARCHAR(512) NOT NULL,
    email           VARCHAR(254),
    email_key       VARCHAR(254),
    password        VARCHAR(512) NOT NULL,
    is_active       BOOLEAN      NOT NULL DEFAULT TRUE,
    date_joined     BIGINT       NOT NULL,
    last_login      BIGINT,
    restoring_token VARCHAR(145),
    epoch           VARCHAR(64)  NOT NULL,
    roles           MEDIUMTEXT   NOT NULL,
    attributes      MEDIUMTEXT   NOT NULL,
    UNIQUE INDEX auth_users_login (login_key),
    UNIQUE INDEX auth_users_email (email_key),
    INDEX auth_users_restoring_token (restoring_token)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;

CREATE TABLE IF NOT EXISTS auth_sessions (
    id           VARCHAR(64) NOT NULL PRIMARY KEY,
    user_id      VARCHAR(64) NOT NULL,
    epoch        VARCHAR(64) NOT NULL,
    generation   BIGINT      NOT NULL,
    jti          VARCHAR(64) NOT NULL,
    issued_at    BIGINT      NOT NULL,
    expires_at   BIGINT      NOT NULL,
    created_at   BIGINT      NOT NULL,
    rotated_at   BIGINT      NOT NULL,
    absolute_end BIGINT      NOT NULL,
    client_ip    VARCHAR(45),
    user_agent   VARCHAR(256),
    INDEX auth_sessions_user (user_id, created_at),
    INDEX auth_sessions_end (absolute_end)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;

-- due_at: from when on the job may be claimed; the end of the lease while `worker` holds it;
-- NULL once the job is dead.
CREATE TABLE IF NOT EXISTS auth_outbox (
    seq         BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id          VARCHAR(64)   NOT NULL,
    kind        VARCHAR(32)   NOT NULL,
    job_group   VARCHAR(64)   NOT NULL,
    sealed      VARCHAR(2000) NOT NULL,
    created_at  BIGINT        NOT NULL,
    due_at      BIGINT,
    worker      VARCHAR(64),
    attempts    BIGINT        NOT NULL DEFAULT 0,
    dead_reason MEDIUMTEXT,
    UNIQUE INDEX auth_outbox_id (id),
    INDEX auth_outbox_due (due_at),
    INDEX auth_outbox_group (job_group, created_at, seq)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE $COLLATION;
