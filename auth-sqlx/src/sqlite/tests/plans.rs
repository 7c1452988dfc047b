use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Row as _, SqlitePool};

use super::fresh;
use crate::driver::Statement;
use crate::explained::{Explains, plans};

#[tokio::test]
async fn no_statement_scans_a_table() {
    let (_file, store) = fresh().await;
    let pool = store.sqlite_pool().unwrap().clone();
    let plans = plans(store, pool).await;
    // A constant row is no table.
    let scans: Vec<_> =
        plans.iter().filter(|(_, plan)| plan.replace("SCAN CONSTANT ROW", "").contains("SCAN")).collect();
    assert!(scans.is_empty(), "{scans:#?}");
}

#[async_trait]
impl Explains for SqlitePool {
    async fn explain(&self, statement: &Statement) -> Option<String> {
        let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", statement.sql.as_str()));
        let steps = sqlx::query(sql).fetch_all(self).await.ok()?;
        Some(steps.iter().map(|step| step.get::<String, _>("detail")).collect::<Vec<_>>().join("; "))
    }
}
