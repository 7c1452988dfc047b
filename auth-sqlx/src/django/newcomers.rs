//! Users whom Django made and of whom our tables do not know yet.

use std::fmt::Write as _;

use auth_core::account::{EmailAddress, Username};
use auth_core::store::StoreError;
use sqlx::AssertSqlSafe;

use super::DjangoStore;
use super::epoch::{derived, digest};
use super::names::{email_key, name_key};
use super::sql::statement;
use crate::driver::{Statement, Transaction};
use crate::row::{Inconsistent, Row};
use crate::value::Value;

/// How many are noted in one transaction.
const BATCH: u32 = 1_000;

const USERS: &str = "auth_takeover_users (user_id, root, seen, bumps, snapshot)";
const NAMES: &str = "auth_takeover_names (name_key, user_id)";
const EMAILS: &str = "auth_takeover_emails (email_key, user_id)";

/// What our tables are to know of a user.
pub(super) struct Newcomer {
    id: i64,
    name_key: String,
    email_key: Option<String>,
    password: String,
    snapshot: String,
}

impl Newcomer {
    pub(super) fn new(id: i64, name: &Username, email: Option<&EmailAddress>, password: &str) -> Self {
        Self {
            id,
            name_key: name_key(name),
            email_key: email.map(email_key),
            password: digest(password),
            snapshot: derived(id, password, None).as_str().to_owned(),
        }
    }

    fn read(row: Row) -> Result<Self, Inconsistent> {
        let mut row = row.of("the user table");
        let id = row.integer("id")?;
        let name = Username::stored(row.text("username")?);
        let email = Some(row.text("email")?).filter(|text| !text.is_empty()).map(EmailAddress::stored);
        Ok(Self::new(id, &name, email.as_ref(), &row.text("password")?))
    }
}

impl DjangoStore {
    /// Notes everybody, the lowest id first: of two with one name the lower one has it.
    pub(super) async fn file_everybody(&self) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let newcomers = statement(&self.queries.newcomers).bind(after).bind(BATCH);
            let Some(last) = self.file_those_of(newcomers).await? else { return Ok(()) };
            after = last;
        }
    }

    /// Notes those who came since; whether there were any.
    pub(super) async fn file_late(&self) -> Result<bool, StoreError> {
        let mut any = false;
        while self.file_those_of(statement(&self.queries.late_newcomers).bind(BATCH)).await?.is_some() {
            any = true;
        }
        Ok(any)
    }

    /// Notes one user, who then has a row of ours.
    pub(super) async fn file_one(&self, id: i64) -> Result<(), StoreError> {
        self.file_those_of(statement(&self.queries.newcomer).bind(id)).await.map(drop)
    }

    /// Notes whom a query finds, and gives the last id. A transaction that does nothing else: inside
    /// one that writes a user's row too, two could wait for each other.
    async fn file_those_of(&self, query: Statement) -> Result<Option<i64>, StoreError> {
        let rows = self.sql.driver.fetch(query).await?;
        let newcomers: Vec<_> = rows.into_iter().map(Newcomer::read).collect::<Result<_, _>>()?;
        let Some(last) = newcomers.last() else { return Ok(None) };
        let mut transaction = self.sql.driver.begin_beside().await?;
        file(&mut *transaction, &newcomers).await?;
        transaction.commit().await?;
        Ok(Some(last.id))
    }
}

/// Who is noted already stays as noted.
pub(super) async fn file(on: &mut dyn Transaction, newcomers: &[Newcomer]) -> Result<(), StoreError> {
    let users = newcomers.iter().map(|new| {
        let password = Value::from(new.password.as_str());
        vec![new.id.into(), password.clone(), password, 0_i64.into(), new.snapshot.as_str().into()]
    });
    let names = newcomers.iter().map(|new| vec![new.name_key.as_str().into(), new.id.into()]);
    let emails = newcomers.iter().filter_map(|new| Some(vec![new.email_key.as_deref()?.into(), Value::from(new.id)]));
    insert(on, USERS, users).await?;
    insert(on, NAMES, names).await?;
    insert(on, EMAILS, emails).await
}

async fn insert(
    on: &mut dyn Transaction,
    into: &str,
    rows: impl Iterator<Item = Vec<Value>> + Send,
) -> Result<(), StoreError> {
    let mut sql = format!("INSERT INTO {into} VALUES ");
    let mut arguments = Vec::new();
    for row in rows {
        let mut before = if arguments.is_empty() { "(" } else { ", (" };
        for value in row {
            arguments.push(value);
            // Writing to a string cannot fail.
            let _ = write!(sql, "{before}${}", arguments.len());
            before = ", ";
        }
        sql.push(')');
    }
    if arguments.is_empty() {
        return Ok(());
    }
    sql.push_str(" ON CONFLICT DO NOTHING");
    let statement = Statement { arguments, ..Statement::new(AssertSqlSafe(sql)) };
    on.execute(statement).await.map(drop)
}
