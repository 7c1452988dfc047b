use async_trait::async_trait;
use example_services::{Scratch, Service};
use sqlx::{AssertSqlSafe, PgPool, SqlSafeStr as _, raw_sql};

use crate::SqlStore;
use crate::driver::Statement;
use crate::explained::{Explains, plans};
use crate::value::bind;

/// Of a small table PostgreSQL reads the whole, whatever indexes there are.
const MANY: &str = "
    INSERT INTO auth_users (id, username, login_key, email, email_key, password, date_joined, restoring_token, epoch)
        SELECT 'user ' || n, 'user ' || n, 'user ' || n, 'u' || n || '@x.org', 'u' || n || '@x.org', 'hash ' || n, n,
            'digest ' || n, 'epoch ' || n FROM generate_series(1, 20000) AS n;
    INSERT INTO auth_sessions (id, user_id, epoch, generation, jti, issued_at, expires_at, created_at, rotated_at,
            absolute_end)
        SELECT 'session ' || n, 'user ' || n % 5000, 'epoch ' || n, 0, 'jti ' || n, n, n, n, n, 9000000000000 + n
        FROM generate_series(1, 20000) AS n;
    INSERT INTO auth_outbox (id, kind, job_group, sealed, created_at, due_at)
        SELECT 'job ' || n, 'restore', 'group ' || n % 5000, 'sealed ' || n, n, 9000000000000 + n
        FROM generate_series(1, 20000) AS n;
    INSERT INTO auth_outbox (id, kind, job_group, sealed, created_at)
        SELECT 'dead ' || n, 'restore', 'group ' || n % 5000, 'sealed ' || n, 9000000000000 + n
        FROM generate_series(1, 20000) AS n;
    INSERT INTO auth_attempts (id, failures, since, blocked_until, open_now, open_before, slot, known_until, expires_at)
        SELECT 'key ' || n, 1, n, 0, 0, 0, 0, 0, 9000000000000 + n FROM generate_series(1, 20000) AS n;
    ANALYZE auth_users; ANALYZE auth_sessions; ANALYZE auth_outbox; ANALYZE auth_attempts";

#[tokio::test]
async fn no_statement_scans_a_table() {
    if !Service::Postgres.is_found_or_say_so() {
        return;
    }
    let database = Scratch::new(Service::Postgres);
    let store = SqlStore::connect(&database.url()).await.unwrap();
    let pool = store.postgres_pool().unwrap().clone();
    raw_sql(MANY).execute(&pool).await.unwrap();
    assert!(scans(&pool.explain(&Statement::new("SELECT id FROM auth_users WHERE password = 'x'")).await.unwrap()));
    let plans = plans(store, pool).await;
    let scans: Vec<_> = plans.iter().filter(|(_, plan)| scans(plan)).collect();
    assert!(scans.is_empty(), "{scans:#?}");
}

/// Whether a table is read from its beginning, or an index.
fn scans(plan: &str) -> bool {
    let lines: Vec<_> = plan.lines().collect();
    let looks_up = |at: usize| lines.get(at + 1).is_some_and(|line| line.trim_start().starts_with("Index Cond:"));
    let indexed = |line: &str| line.contains("Index Scan") || line.contains("Index Only Scan");
    lines.iter().enumerate().any(|(at, line)| line.contains("Seq Scan") || indexed(line) && !looks_up(at))
}

#[async_trait]
impl Explains for PgPool {
    async fn explain(&self, statement: &Statement) -> Option<String> {
        let sql = AssertSqlSafe(format!("EXPLAIN {}", statement.sql.as_str())).into_sql_str();
        let steps = bind(sqlx::query(sql), statement.arguments.clone()).fetch_all(self).await.ok()?;
        Some(steps.iter().map(|step| sqlx::Row::get::<String, _>(step, 0)).collect::<Vec<_>>().join("\n"))
    }
}
