use auth_core::Timestamp;
use sqlx::query::Query;
use sqlx::{Database, Encode, Type};

/// What goes into a parameter and comes out of a column.
#[derive(Clone)]
pub(crate) enum Value {
    /// As a parameter, an absent text: PostgreSQL wants the type even of what is not there.
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::Integer(moment.as_millis())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<String>> From<Option<T>> for Value {
    fn from(text: Option<T>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.into()))
    }
}

/// Gives a query its arguments, in the order of their numbers.
pub(crate) fn bind<DB: Database>(
    query: Query<'static, DB, DB::Arguments>,
    arguments: Vec<Value>,
) -> Query<'static, DB, DB::Arguments>
where
    Option<String>: Encode<'static, DB>,
    String: Encode<'static, DB> + Type<DB>,
    bool: Encode<'static, DB> + Type<DB>,
    i64: Encode<'static, DB> + Type<DB>,
{
    arguments.into_iter().fold(query, |query, argument| match argument {
        Value::Null => query.bind(None::<String>),
        Value::Bool(value) => query.bind(value),
        Value::Integer(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
    })
}
