//! Our SQL in the words of MySQL and MariaDB.

use crate::driver::Statement;
use crate::value::Value;

/// SQL whose parameters are `?`, and their arguments in the order in which they stand.
pub(super) fn translated(statement: &Statement) -> (String, Vec<Value>) {
    let sql = statement.sql.as_str();
    let own = limited_delete(sql)
        .or_else(|| ignoring_conflict(sql))
        .or_else(|| insert_once(sql))
        .unwrap_or_else(|| without_returning(sql).to_owned());
    positional(&own, &statement.arguments)
}

/// A DELETE may have a LIMIT itself, but not the subquery of an IN.
fn limited_delete(sql: &str) -> Option<String> {
    let (delete, selection) = sql.strip_suffix(')')?.split_once(" IN (SELECT ")?;
    let (delete, key) = delete.split_once(" WHERE ")?;
    let table = delete.strip_prefix("DELETE FROM ")?;
    let condition = selection.strip_prefix(key)?.strip_prefix(" FROM ")?.strip_prefix(table)?.strip_prefix(' ')?;
    Some(format!("{delete} {condition}"))
}

/// IGNORE also makes an error of a value that does not fit a warning: only for values that do. The
/// other form would count a row that is there as one that was inserted.
fn ignoring_conflict(sql: &str) -> Option<String> {
    let insertion = sql.strip_suffix(" ON CONFLICT DO NOTHING")?.strip_prefix("INSERT ")?;
    Some(format!("INSERT IGNORE {insertion}"))
}

/// `INSERT IGNORE` would also ignore what it should not, and lock the row that is there too weakly
/// for the write that follows.
fn insert_once(sql: &str) -> Option<String> {
    let insert = sql.strip_suffix(" ON CONFLICT (id) DO NOTHING")?;
    Some(format!("{insert} ON DUPLICATE KEY UPDATE id = id"))
}

/// An UPDATE returns nothing: [`Driver::update`](crate::driver::Driver::update) reads the row.
fn without_returning(sql: &str) -> &str {
    sql.split_once(" RETURNING ").map_or(sql, |(update, _)| update)
}

fn positional(sql: &str, arguments: &[Value]) -> (String, Vec<Value>) {
    let mut pieces = sql.split('$');
    let mut rewritten = pieces.next().unwrap_or_default().to_owned();
    let mut ordered = Vec::new();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        let argument = number.parse().ok().and_then(|number: usize| arguments.get(number.checked_sub(1)?));
        ordered.extend(argument.cloned());
        rewritten.push('?');
        rewritten.push_str(rest);
    }
    (rewritten, ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(sql: &'static str, arguments: &[i64]) -> (String, Vec<i64>) {
        let statement = arguments.iter().fold(Statement::new(sql), |statement, number| statement.bind(*number));
        let (sql, arguments) = super::translated(&statement);
        let number = |value| if let Value::Integer(number) = value { number } else { panic!("not a number") };
        (sql, arguments.into_iter().map(number).collect())
    }

    #[test]
    fn arguments_follow_their_numbers() {
        let (sql, arguments) =
            translated("UPDATE t SET a = $2, b = $10 WHERE c > $1 AND d > $1", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(sql, "UPDATE t SET a = ?, b = ? WHERE c > ? AND d > ?");
        assert_eq!(arguments, [2, 10, 1, 1]);
    }

    #[test]
    fn an_update_loses_its_returning() {
        let (sql, arguments) = translated("UPDATE t SET a = $1 WHERE id = $2 RETURNING id, a", &[1, 2]);
        assert_eq!((sql.as_str(), arguments), ("UPDATE t SET a = ? WHERE id = ?", vec![1, 2]));
    }

    #[test]
    fn an_insertion_may_ignore_a_conflict() {
        let (sql, arguments) = translated("INSERT INTO t (a, b) VALUES ($2, $1) ON CONFLICT DO NOTHING", &[1, 2]);
        assert_eq!((sql.as_str(), arguments), ("INSERT IGNORE INTO t (a, b) VALUES (?, ?)", vec![2, 1]));
    }

    #[test]
    fn an_insert_of_what_is_there_changes_nothing() {
        let (sql, _) = translated("INSERT INTO t (id) VALUES ($1) ON CONFLICT (id) DO NOTHING", &[1]);
        assert_eq!(sql, "INSERT INTO t (id) VALUES (?) ON DUPLICATE KEY UPDATE id = id");
    }

    #[test]
    fn a_limited_delete_needs_no_subquery() {
        let (sql, _) =
            translated("DELETE FROM t WHERE id IN (SELECT id FROM t WHERE a < $1 ORDER BY a LIMIT $2)", &[1, 2]);
        assert_eq!(sql, "DELETE FROM t WHERE a < ? ORDER BY a LIMIT ?");
        let (sql, _) = translated("DELETE FROM t WHERE k IN (SELECT k FROM t ORDER BY k LIMIT $1)", &[1]);
        assert_eq!(sql, "DELETE FROM t ORDER BY k LIMIT ?");
    }
}
