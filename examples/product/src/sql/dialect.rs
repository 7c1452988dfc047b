use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

/// Which SQL a database understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    MySql,
}

impl Dialect {
    /// SQL whose parameters `$1`, `$2`, … stand in this order, each once.
    pub(crate) fn words(self, sql: &'static str) -> SqlStr {
        match self {
            Self::Sqlite | Self::Postgres => sql.into_sql_str(),
            Self::MySql => AssertSqlSafe(positional(sql)).into_sql_str(),
        }
    }
}

fn positional(sql: &str) -> String {
    let mut pieces = sql.split('$');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |sql, piece| sql + "?" + piece.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_parameters_become_those_of_mysql() {
        let words = Dialect::MySql.words("a = $1 AND b < $12");
        assert_eq!(words.as_str(), "a = ? AND b < ?");
        assert_eq!(Dialect::Postgres.words("a = $1").as_str(), "a = $1");
    }
}
