use std::vec;

use auth_core::Timestamp;
use auth_core::store::StoreError;
use sqlx::error::BoxDynError;
use sqlx::{Database, ValueRef as _};
use thiserror::Error;

use crate::value::Value;

/// One row of a result: its cells in the order of the statement's columns.
pub(crate) struct Row(Vec<Value>);

/// A database whose cells can be read.
pub(crate) trait ReadCell: Database {
    /// Reads a cell of this type; it is not NULL.
    fn cell(value: Self::ValueRef<'_>, kind: &Self::TypeInfo) -> Result<Value, BoxDynError>;
}

impl Row {
    pub(crate) fn read<R>(row: &R) -> Result<Self, sqlx::Error>
    where
        R: sqlx::Row<Database: ReadCell>,
        usize: sqlx::ColumnIndex<R>,
    {
        let mut cells = Vec::with_capacity(row.len());
        for at in 0..row.len() {
            let raw = row.try_get_raw(at)?;
            cells.push(if raw.is_null() {
                Value::Null
            } else {
                let kind = raw.type_info().into_owned();
                R::Database::cell(raw, &kind)
                    .map_err(|source| sqlx::Error::ColumnDecode { index: at.to_string(), source })?
            });
        }
        Ok(Self(cells))
    }

    /// Reads the row cell by cell, in the order in which the statement names its columns.
    pub(crate) fn of(self, table: &'static str) -> Cells {
        Cells { table, cells: self.0.into_iter() }
    }
}

/// The cells that are still to be read.
pub(crate) struct Cells {
    table: &'static str,
    cells: vec::IntoIter<Value>,
}

impl Cells {
    /// What is left, as cells of the table that was joined; `None` where it had no row. All cells of
    /// the first table must have been read, and the first column of this one cannot be null.
    pub(crate) fn joined(self, table: &'static str) -> Option<Self> {
        let there = self.cells.as_slice().first().is_some_and(|cell| !matches!(cell, Value::Null));
        there.then_some(Self { table, ..self })
    }

    pub(crate) fn text(&mut self, column: &'static str) -> Result<String, Inconsistent> {
        self.optional_text(column)?.ok_or(self.fault(column, "is null"))
    }

    pub(crate) fn optional_text(&mut self, column: &'static str) -> Result<Option<String>, Inconsistent> {
        match self.cells.next() {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.fault(column, "is not text")),
        }
    }

    pub(crate) fn integer(&mut self, column: &'static str) -> Result<i64, Inconsistent> {
        self.optional_integer(column)?.ok_or(self.fault(column, "is null"))
    }

    pub(crate) fn boolean(&mut self, column: &'static str) -> Result<bool, Inconsistent> {
        match self.cells.next() {
            Some(Value::Bool(value)) => Ok(value),
            Some(Value::Integer(value @ (0 | 1))) => Ok(value == 1),
            _ => Err(self.fault(column, "is neither true nor false")),
        }
    }

    pub(crate) fn moment(&mut self, column: &'static str) -> Result<Timestamp, Inconsistent> {
        self.integer(column).map(Timestamp::from_millis)
    }

    pub(crate) fn optional_moment(&mut self, column: &'static str) -> Result<Option<Timestamp>, Inconsistent> {
        Ok(self.optional_integer(column)?.map(Timestamp::from_millis))
    }

    /// What is wrong with a cell. The value itself may be a secret and is never told.
    pub(crate) fn fault(&self, column: &'static str, problem: &'static str) -> Inconsistent {
        Inconsistent { table: self.table, column, problem }
    }

    fn optional_integer(&mut self, column: &'static str) -> Result<Option<i64>, Inconsistent> {
        match self.cells.next() {
            Some(Value::Integer(number)) => Ok(Some(number)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.fault(column, "is not an integer")),
        }
    }
}

/// A row that no version of this crate writes.
#[derive(Debug, Error)]
#[error("{table}.{column} {problem}")]
pub(crate) struct Inconsistent {
    table: &'static str,
    column: &'static str,
    problem: &'static str,
}

impl From<Inconsistent> for StoreError {
    fn from(row: Inconsistent) -> Self {
        Self::backend(row)
    }
}
