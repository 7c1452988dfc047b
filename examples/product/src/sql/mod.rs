//! What the product keeps beside the accounts, its notes and its mark, in whichever database the
//! accounts are in. What is done is written once, in the words of PostgreSQL.

mod connection;
mod dialect;
mod pool;

pub(crate) use connection::Connection;
pub(crate) use dialect::Dialect;
pub(crate) use pool::Pool;

/// Does the same with whichever database of an enum it is.
macro_rules! on_each {
    ($of:ident, $value:expr, $database:ident => $work:expr) => {
        match $value {
            $of::Sqlite($database) => $work,
            $of::Postgres($database) => $work,
            $of::MySql($database) => $work,
        }
    };
}
pub(crate) use on_each;
