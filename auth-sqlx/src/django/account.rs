use auth_core::account::{EmailAddress, Epoch, User, Username};
use auth_core::password::PasswordHash;
use auth_core::store::StoreError;
use serde_json::{Map, Value};

use super::epoch::{Side, derived};
use super::moment;
use crate::row::{Cells, Inconsistent, Row};

/// A user and what stands beside it, from one statement.
pub(super) struct Account {
    pub(super) id: i64,
    pub(super) user: User,
    side: Option<Side>,
}

impl Account {
    pub(super) fn read(row: Row) -> Result<Self, Inconsistent> {
        let mut row = row.of("the user table");
        let id = row.integer("id")?;
        let username = Username::stored(row.text("username")?);
        let email = Some(row.text("email")?).filter(|text| !text.is_empty()).map(EmailAddress::stored);
        let password = row.text("password")?;
        let is_active = row.boolean("is_active")?;
        let joined = row.text("date_joined")?;
        let date_joined = moment::read(&joined).ok_or(row.fault("date_joined", "is not a moment in UTC"))?;
        let last_login = row.optional_text("last_login")?;
        let last_login = last_login.map(|text| moment::read(&text).ok_or(row.fault("last_login", "is not a moment")));
        let last_login = last_login.transpose()?;
        let attributes = attributes(&mut row)?;
        let side = side(&mut row)?;
        let epoch = derived(id, &password, side.as_ref());
        let mut user = User::new(id.into(), username, PasswordHash::stored(password), epoch, date_joined);
        user.email = email;
        user.is_active = is_active;
        user.last_login = last_login;
        user.attributes = attributes;
        Ok(Self { id, user, side })
    }

    /// The epoch while this user had another password, and everything else was as it is now.
    pub(super) fn epoch_with(&self, password: &PasswordHash) -> Epoch {
        derived(self.id, password.expose(), self.side.as_ref())
    }
}

/// What Django's own model has beside what an account needs.
fn attributes(row: &mut Cells) -> Result<Map<String, Value>, Inconsistent> {
    let mut attributes = Map::new();
    attributes.insert("is_superuser".into(), row.boolean("is_superuser")?.into());
    attributes.insert("first_name".into(), row.text("first_name")?.into());
    attributes.insert("last_name".into(), row.text("last_name")?.into());
    attributes.insert("is_staff".into(), row.boolean("is_staff")?.into());
    Ok(attributes)
}

fn side(row: &mut Cells) -> Result<Option<Side>, Inconsistent> {
    let Some(root) = row.optional_text("root")? else { return Ok(None) };
    Ok(Some(Side { root, seen: row.text("seen")?, bumps: row.integer("bumps")? }))
}

/// The one row of an answer.
pub(super) fn one(rows: Vec<Row>) -> Result<Option<Account>, StoreError> {
    Ok(rows.into_iter().next().map(Account::read).transpose()?)
}
