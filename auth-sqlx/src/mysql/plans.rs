use async_trait::async_trait;
use example_services::{Scratch, Service};
use sqlx::{MySqlPool, Row as _, raw_sql};

use super::{query_of, translated};
use crate::SqlStore;
use crate::driver::Statement;
use crate::explained::{Explains, plans};

/// MariaDB's own series of numbers.
const MANY: &str = "
    INSERT INTO auth_users (id, username, login_key, email, email_key, password, date_joined, restoring_token, epoch,
            roles, attributes)
        SELECT concat('user ', seq), concat('user ', seq), concat('user ', seq), concat('u', seq, '@x.org'),
            concat('u', seq, '@x.org'), concat('hash ', seq), seq, concat('digest ', seq), concat('epoch ', seq), '[]',
            '{}' FROM seq_1_to_20000;
    INSERT INTO auth_sessions (id, user_id, epoch, generation, jti, issued_at, expires_at, created_at, rotated_at,
            absolute_end)
        SELECT concat('session ', seq), concat('user ', seq % 5000), concat('epoch ', seq), 0, concat('jti ', seq), seq,
            seq, seq, seq, 9000000000000 + seq FROM seq_1_to_20000;
    INSERT INTO auth_outbox (id, kind, job_group, sealed, created_at, due_at)
        SELECT concat('job ', seq), 'restore', concat('group ', seq % 5000), concat('sealed ', seq), seq,
            9000000000000 + seq FROM seq_1_to_20000;
    INSERT INTO auth_outbox (id, kind, job_group, sealed, created_at)
        SELECT concat('dead ', seq), 'restore', concat('group ', seq % 5000), concat('sealed ', seq),
            9000000000000 + seq FROM seq_1_to_20000;
    INSERT INTO auth_attempts (id, failures, since, blocked_until, open_now, open_before, slot, known_until, expires_at)
        SELECT concat('key ', seq), 1, seq, 0, 0, 0, 0, 0, 9000000000000 + seq FROM seq_1_to_20000;
    ANALYZE TABLE auth_users, auth_sessions, auth_outbox, auth_attempts";

#[tokio::test]
async fn no_statement_scans_a_table() {
    if !Service::MariaDb.is_found_or_say_so() {
        return;
    }
    let database = Scratch::new(Service::MariaDb);
    let store = SqlStore::connect(&database.url()).await.unwrap();
    let pool = store.mysql_pool().unwrap().clone();
    raw_sql(MANY).execute(&pool).await.unwrap();
    assert!(scans(&pool.explain(&Statement::new("SELECT id FROM auth_users WHERE password = 'x'")).await.unwrap()));
    let plans = plans(store, pool).await;
    let scans: Vec<_> = plans.iter().filter(|(sql, plan)| reads(sql) && scans(plan)).collect();
    assert!(scans.is_empty(), "{scans:#?}");
}

/// An INSERT of values is explained as a scan, and is none.
fn reads(sql: &str) -> bool {
    !sql.contains(" VALUES ($1")
}

/// Whether a table is read from its beginning, or an index.
fn scans(plan: &str) -> bool {
    plan.split("; ").any(|step| step.contains(": ALL ") || step.contains(": index "))
}

#[async_trait]
impl Explains for MySqlPool {
    async fn explain(&self, statement: &Statement) -> Option<String> {
        let (sql, arguments) = translated(statement);
        let steps = query_of(format!("EXPLAIN {sql}"), arguments).fetch_all(self).await.ok()?;
        let step = |step| {
            let text = |column: &str| sqlx::mysql::MySqlRow::try_get_unchecked::<Option<String>, _>(step, column);
            let [table, kind, key] = ["table", "type", "key"].map(|column| text(column).unwrap().unwrap_or_default());
            format!("{table}: {kind} {key}")
        };
        Some(steps.iter().map(step).collect::<Vec<_>>().join("; "))
    }
}
