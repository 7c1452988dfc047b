use auth_sqlx::sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, PgConnection, Row as _, SqliteConnection};
use auth_sqlx::sqlx::{query, raw_sql};

/// A connection of somebody who is not us.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    MySql(MySqlConnection),
}

impl Connection {
    pub(crate) async fn open(url: &str) -> Self {
        match url.split(':').next() {
            Some("sqlite") => Self::Sqlite(SqliteConnection::connect(url).await.unwrap()),
            Some("postgres") => Self::Postgres(PgConnection::connect(url).await.unwrap()),
            _ => Self::MySql(MySqlConnection::connect(url).await.unwrap()),
        }
    }

    /// The texts of the first column.
    pub(crate) async fn ask(&mut self, sql: &str) -> Vec<Option<String>> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => {
                let rows = raw_sql(sql).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| row.get_unchecked(0)).collect()
            }
            Self::Postgres(connection) => {
                let rows = raw_sql(sql).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| row.get_unchecked(0)).collect()
            }
            Self::MySql(connection) => {
                let rows = query(sql).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| row.get_unchecked(0)).collect()
            }
        }
    }
}
