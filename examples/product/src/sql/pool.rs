use auth_sqlx::SqlStore;
use sqlx::{MySqlPool, PgPool, SqlitePool};

use super::Dialect;

/// The connections that the accounts use too.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
    MySql(MySqlPool),
}

impl Pool {
    /// `None` where the store is on a database that is not known here.
    pub(crate) fn of(store: &SqlStore) -> Option<Self> {
        let sqlite = store.sqlite_pool().cloned().map(Self::Sqlite);
        let postgres = || store.postgres_pool().cloned().map(Self::Postgres);
        sqlite.or_else(postgres).or_else(|| store.mysql_pool().cloned().map(Self::MySql))
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
        }
    }
}
