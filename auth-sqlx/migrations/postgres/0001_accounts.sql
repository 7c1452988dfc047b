-- 150 characters of a name may have been given as 600, four for each.
-- Moments are milliseconds since 1970 in UTC.

CREATE TABLE auth_users (
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
    roles           TEXT         NOT NULL DEFAULT '[]',
    attributes      TEXT         NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX auth_users_login ON auth_users (login_key);
CREATE UNIQUE INDEX auth_users_email ON auth_users (email_key);
CREATE INDEX auth_users_restoring_token ON auth_users (restoring_token);

CREATE TABLE auth_sessions (
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
    user_agent   VARCHAR(256)
);
CREATE INDEX auth_sessions_user ON auth_sessions (user_id, created_at);
CREATE INDEX auth_sessions_end ON auth_sessions (absolute_end);

-- due_at: from when on the job may be claimed; the end of the lease while `worker` holds it;
-- NULL once the job is dead.
CREATE TABLE auth_outbox (
    seq         BIGINT        NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          VARCHAR(64)   NOT NULL,
    kind        VARCHAR(32)   NOT NULL,
    job_group   VARCHAR(64)   NOT NULL,
    sealed      VARCHAR(2000) NOT NULL,
    created_at  BIGINT        NOT NULL,
    due_at      BIGINT,
    worker      VARCHAR(64),
    attempts    BIGINT        NOT NULL DEFAULT 0,
    dead_reason TEXT
);
CREATE UNIQUE INDEX auth_outbox_id ON auth_outbox (id);
CREATE INDEX auth_outbox_due ON auth_outbox (due_at);
CREATE INDEX auth_outbox_group ON auth_outbox (job_group, created_at, seq);
