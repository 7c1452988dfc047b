use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::DjangoTable;
use crate::driver::{Dialect, Statement};

/// Every statement on the user table. Its name is the one thing in them that is not constant, and
/// [`DjangoTable`] leaves nothing in it that could end a quotation.
///
/// A user and our row beside it always come from one statement: read one after the other, they
/// could belong to different passwords.
pub(super) struct Queries {
    pub(super) by_id: SqlStr,
    pub(super) by_username: SqlStr,
    pub(super) by_email_key: SqlStr,
    pub(super) by_lower_email: SqlStr,
    pub(super) by_restoring_token: SqlStr,
    pub(super) insert: SqlStr,
    pub(super) id_of: SqlStr,
    pub(super) alike: SqlStr,
    pub(super) holder_of_name: SqlStr,
    pub(super) holder_of_email: SqlStr,
    pub(super) newcomers: SqlStr,
    pub(super) late_newcomers: SqlStr,
    pub(super) newcomer: SqlStr,
    pub(super) rehash: SqlStr,
    pub(super) change_password: SqlStr,
    pub(super) set_password: SqlStr,
    pub(super) set_restoring_token: SqlStr,
    pub(super) forget_restoring_token: SqlStr,
    pub(super) restore_password: SqlStr,
    pub(super) set_active: SqlStr,
}

/// How many ids before the last one a start has seen are looked at again: a transaction of Django
/// may draw an id and commit after later ones.
const LATE: u32 = 1_000;

impl Queries {
    pub(super) fn new(table: &DjangoTable, dialect: Dialect) -> Self {
        let quote = if dialect == Dialect::MySql { '`' } else { '"' };
        let table = format!("{quote}{table}{quote}");
        let (joined, login) = (moment(dialect, "u.date_joined"), moment(dialect, "u.last_login"));
        let written = if dialect == Dialect::Postgres { "CAST($4 || '+00' AS timestamptz)" } else { "$4" };
        let user = format!(
            "SELECT u.id, u.username, u.email, u.password, u.is_active, {joined}, {login}, u.is_superuser, \
             u.first_name, u.last_name, u.is_staff, s.root, s.seen, s.bumps \
             FROM {table} u LEFT JOIN auth_takeover_users s ON s.user_id = u.id"
        );
        let newcomer = format!(
            "SELECT u.id, u.username, u.email, u.password \
             FROM {table} u LEFT JOIN auth_takeover_users s ON s.user_id = u.id WHERE s.user_id IS NULL"
        );
        Self {
            by_id: sql(format!("{user} WHERE u.id = $1")),
            by_username: sql(format!("{user} WHERE u.username = $1 OR u.username = $2")),
            by_email_key: sql(format!("{user} JOIN auth_takeover_emails e ON e.user_id = u.id WHERE e.email_key = $1")),
            by_lower_email: sql(format!("{user} WHERE lower(u.email) = $1 ORDER BY u.id LIMIT 100")),
            by_restoring_token: sql(format!("{user} WHERE u.restoring_token = $1")),
            insert: sql(format!(
                "INSERT INTO {table} (password, username, email, date_joined, is_active, is_superuser, is_staff, \
                 first_name, last_name) VALUES ($1, $2, $3, {written}, TRUE, FALSE, FALSE, '', '')"
            )),
            id_of: sql(format!("SELECT id FROM {table} WHERE username = $1")),
            alike: sql(format!(
                "SELECT username, email FROM {table} WHERE lower(username) = $1 OR lower(email) = $2 LIMIT 100"
            )),
            holder_of_name: sql(format!(
                "SELECT k.user_id, u.username FROM auth_takeover_names k LEFT JOIN {table} u ON u.id = k.user_id \
                 WHERE k.name_key = $1"
            )),
            holder_of_email: sql(format!(
                "SELECT k.user_id, u.email FROM auth_takeover_emails k LEFT JOIN {table} u ON u.id = k.user_id \
                 WHERE k.email_key = $1"
            )),
            newcomers: sql(format!("{newcomer} AND u.id > $1 ORDER BY u.id LIMIT $2")),
            late_newcomers: sql(format!(
                "{newcomer} AND u.id > (SELECT coalesce(max(user_id), 0) - {LATE} FROM auth_takeover_users) \
                 ORDER BY u.id LIMIT $1"
            )),
            newcomer: sql(format!("{newcomer} AND u.id = $1")),
            rehash: sql(format!("UPDATE {table} SET password = $1 WHERE id = $2 AND password = $3")),
            change_password: sql(format!(
                "UPDATE {table} SET password = $1, restoring_token = NULL WHERE id = $2 AND password = $3"
            )),
            set_password: sql(format!("UPDATE {table} SET password = $1, restoring_token = NULL WHERE id = $2")),
            set_restoring_token: sql(format!("UPDATE {table} SET restoring_token = $1 WHERE id = $2")),
            forget_restoring_token: sql(format!(
                "UPDATE {table} SET restoring_token = NULL WHERE restoring_token = $1"
            )),
            restore_password: sql(format!(
                "UPDATE {table} SET password = $1, restoring_token = NULL \
                 WHERE id = $2 AND restoring_token = $3 AND password = $4 AND email = $5 AND is_active"
            )),
            set_active: sql(format!("UPDATE {table} SET is_active = $1, restoring_token = NULL WHERE id = $2")),
        }
    }
}

/// One of them, whose arguments are to be bound.
pub(super) fn statement(sql: &SqlStr) -> Statement {
    Statement::new(sql.clone())
}

/// A moment as text in UTC: the types of the databases have nothing in common.
fn moment(dialect: Dialect, column: &str) -> String {
    match dialect {
        Dialect::Sqlite => column.to_owned(),
        Dialect::Postgres => format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"),
        Dialect::MySql => format!("date_format({column}, '%Y-%m-%d %H:%i:%s.%f')"),
    }
}

/// Shared, because a statement takes its text along.
fn sql(text: String) -> SqlStr {
    AssertSqlSafe(Arc::<str>::from(text)).into_sql_str()
}
