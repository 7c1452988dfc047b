//! Who has a name and who an address, in whatever spelling.

use auth_core::account::{EmailAddress, Username};
use auth_core::store::{Cas, StoreError};
use sqlx::SqlStr;

use super::epoch::digest;
use super::sql::{Queries, statement};
use crate::driver::{Statement, Transaction};
use crate::row::Row;

const INSERT_NAME: &str = "INSERT INTO auth_takeover_names (name_key, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const TAKE_NAME: &str = "UPDATE auth_takeover_names SET user_id = $2 WHERE name_key = $1 AND user_id = $3";
const INSERT_EMAIL: &str =
    "INSERT INTO auth_takeover_emails (email_key, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const TAKE_EMAIL: &str = "UPDATE auth_takeover_emails SET user_id = $2 WHERE email_key = $1 AND user_id = $3";

/// The key of a name, whether it stands in the table or is asked for.
pub(super) fn name_key(name: &Username) -> String {
    digest(name.canonical())
}

/// The key of an address.
pub(super) fn email_key(email: &EmailAddress) -> String {
    digest(email.canonical().as_str())
}

/// One of the two indexes.
pub(super) struct Index<'q> {
    insert: &'static str,
    holder: &'q SqlStr,
    take: &'static str,
    key_of: fn(&str) -> String,
}

impl<'q> Index<'q> {
    pub(super) fn names(queries: &'q Queries) -> Self {
        let key_of = |text: &str| name_key(&Username::stored(text));
        Self { insert: INSERT_NAME, holder: &queries.holder_of_name, take: TAKE_NAME, key_of }
    }

    pub(super) fn emails(queries: &'q Queries) -> Self {
        let key_of = |text: &str| email_key(&EmailAddress::stored(text));
        Self { insert: INSERT_EMAIL, holder: &queries.holder_of_email, take: TAKE_EMAIL, key_of }
    }

    /// Whether this text of the table has the key.
    pub(super) fn has(&self, key: &str, text: &str) -> bool {
        (self.key_of)(text) == key
    }

    /// Gives the key to a user, unless somebody holds it who still has the name: Django may have
    /// deleted or renamed the holder.
    pub(super) async fn claim(&self, on: &mut dyn Transaction, key: &str, user: i64) -> Result<Cas, StoreError> {
        if on.execute(Statement::new(self.insert).bind(key).bind(user)).await? == 1 {
            return Ok(Cas::Won);
        }
        let rows = on.fetch(statement(self.holder).bind(key)).await?;
        let Some((holder, text)) = rows.into_iter().next().map(holder).transpose()? else { return Ok(Cas::Lost) };
        if text.is_some_and(|text| self.has(key, &text)) {
            return Ok(Cas::Lost);
        }
        let taken = on.execute(Statement::new(self.take).bind(key).bind(user).bind(holder)).await?;
        Ok(if taken == 1 { Cas::Won } else { Cas::Lost })
    }
}

fn holder(row: Row) -> Result<(i64, Option<String>), StoreError> {
    let mut row = row.of("the table of names");
    Ok((row.integer("user_id")?, row.optional_text("name")?))
}
