use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::{CanonicalEmail, EmailAddress, Epoch, Login, NewUser, User, UserId, Username};
use auth_core::password::PasswordHash;
use auth_core::restore::TokenDigest;
use auth_core::store::{Cas, EpochRule, JointStore, PresentedRestore, RestoreProof, StoreError, Unique, UserStore};
use serde_json::Value as Json;

use crate::SqlStore;
use crate::driver::Statement;
use crate::row::{Cells, Inconsistent, Row};

macro_rules! columns {
    () => {
        "id, username, email, password, epoch, is_active, date_joined, last_login, roles, attributes"
    };
}

const INSERT: &str = "INSERT INTO auth_users \
    (id, username, login_key, email, email_key, password, is_active, date_joined, epoch, roles, attributes) \
    VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, $8, '[]', $9)";
const BY_ID: &str = concat!("SELECT ", columns!(), " FROM auth_users WHERE id = $1");
const BY_LOGIN: &str = concat!("SELECT ", columns!(), " FROM auth_users WHERE login_key = $1");
const BY_EMAIL: &str = concat!("SELECT ", columns!(), " FROM auth_users WHERE email_key = $1");
const BY_RESTORING_TOKEN: &str = concat!("SELECT ", columns!(), " FROM auth_users WHERE restoring_token = $1");
const OVERWRITE_PASSWORD: &str = "UPDATE auth_users SET password = $1 WHERE id = $2";
const REHASH: &str = "UPDATE auth_users SET password = $1 WHERE id = $2 AND password = $3";
const SET_PASSWORD: &str = "UPDATE auth_users SET password = $1, epoch = $3, restoring_token = NULL WHERE id = $2";
const CHANGE_PASSWORD: &str =
    "UPDATE auth_users SET password = $1, epoch = $4, restoring_token = NULL WHERE id = $2 AND password = $3";
const SET_RESTORING_TOKEN: &str = "UPDATE auth_users SET restoring_token = $1 WHERE id = $2";
const RESTORE_PASSWORD: &str = concat!(
    "UPDATE auth_users SET password = $1, epoch = $2, restoring_token = NULL \
     WHERE id = $3 AND restoring_token = $4 AND password = $5 AND coalesce(email, '') = $6 AND epoch = $7 \
     AND is_active RETURNING ",
    columns!()
);
const SET_ACTIVE: &str = "UPDATE auth_users SET is_active = $1, epoch = $2, restoring_token = NULL WHERE id = $3";
const SET_EPOCH: &str = "UPDATE auth_users SET epoch = $1, restoring_token = NULL WHERE id = $2";
const SIGNED_IN: &str = "UPDATE auth_users SET last_login = $1 WHERE id = $2";

#[async_trait]
impl UserStore for SqlStore {
    async fn insert(&self, new: NewUser) -> Result<User, StoreError> {
        match self.driver.execute(insertion(&new)).await {
            Ok(_) => Ok(new.into_user()),
            // Both indexes may refuse, and which one a database tests first is its own affair.
            Err(StoreError::Conflict(Unique::Email)) if self.by_login(&new.login).await?.is_some() => {
                Err(StoreError::Conflict(Unique::Login))
            }
            Err(error) => Err(error),
        }
    }

    async fn by_id(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        self.user(Statement::new(BY_ID).bind(id.as_str())).await
    }

    async fn by_login(&self, login: &Login) -> Result<Option<User>, StoreError> {
        self.user(Statement::new(BY_LOGIN).bind(login.canonical())).await
    }

    async fn by_email(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError> {
        self.user(Statement::new(BY_EMAIL).bind(email.as_str())).await
    }

    async fn by_restoring_token(&self, presented: &PresentedRestore) -> Result<Option<User>, StoreError> {
        self.user(Statement::new(BY_RESTORING_TOKEN).bind(presented.digest.as_str())).await
    }

    async fn set_password(
        &self,
        id: &UserId,
        read: Option<&PasswordHash>,
        new: &PasswordHash,
        epoch: EpochRule,
    ) -> Result<Cas, StoreError> {
        let write = |sql| Statement::new(sql).bind(new.expose()).bind(id.as_str());
        let written = self.driver.execute(match (read, &epoch) {
            (None, EpochRule::Keep) => write(OVERWRITE_PASSWORD),
            (Some(read), EpochRule::Keep) => write(REHASH).bind(read.expose()),
            (None, EpochRule::New(epoch)) => write(SET_PASSWORD).bind(epoch.as_str()),
            (Some(read), EpochRule::New(epoch)) => write(CHANGE_PASSWORD).bind(read.expose()).bind(epoch.as_str()),
        });
        Ok(if written.await? == 0 { Cas::Lost } else { Cas::Won })
    }

    async fn set_restoring_token(&self, id: &UserId, digest: Option<&TokenDigest>) -> Result<(), StoreError> {
        let digest = digest.map(TokenDigest::as_str);
        self.driver.execute(Statement::new(SET_RESTORING_TOKEN).bind(digest).bind(id.as_str())).await.map(drop)
    }

    async fn restore_password(
        &self,
        proof: &RestoreProof,
        new: &PasswordHash,
        epoch: Epoch,
    ) -> Result<Option<User>, StoreError> {
        let restore = Statement::new(RESTORE_PASSWORD)
            .bind(new.expose())
            .bind(epoch.as_str())
            .bind(proof.user.as_str())
            .bind(proof.digest.as_str())
            .bind(proof.password.expose())
            .bind(proof.email.as_ref().map_or("", EmailAddress::as_str))
            .bind(proof.epoch.as_str());
        let read = Statement::new(BY_ID).bind(proof.user.as_str());
        let row = self.driver.update(restore, read).await?.pop();
        Ok(row.map(user).transpose()?)
    }

    async fn set_active(&self, id: &UserId, active: bool, epoch: Epoch) -> Result<(), StoreError> {
        let write = Statement::new(SET_ACTIVE).bind(active).bind(epoch.as_str()).bind(id.as_str());
        self.driver.execute(write).await.map(drop)
    }

    async fn set_epoch(&self, id: &UserId, epoch: Epoch) -> Result<Epoch, StoreError> {
        self.driver.execute(Statement::new(SET_EPOCH).bind(epoch.as_str()).bind(id.as_str())).await?;
        Ok(epoch)
    }

    async fn signed_in(&self, id: &UserId, at: Timestamp) -> Result<(), StoreError> {
        self.driver.execute(Statement::new(SIGNED_IN).bind(at).bind(id.as_str())).await.map(drop)
    }

    fn joint(&self) -> Option<&dyn JointStore> {
        Some(self)
    }
}

impl SqlStore {
    async fn user(&self, statement: Statement) -> Result<Option<User>, StoreError> {
        Ok(self.driver.find(statement).await?.map(user).transpose()?)
    }
}

fn insertion(new: &NewUser) -> Statement {
    Statement::new(INSERT)
        .bind(new.id.as_str())
        .bind(new.username.as_str())
        .bind(new.login.canonical())
        .bind(new.email.as_ref().map(EmailAddress::as_str))
        .bind(new.email.as_ref().map(|address| address.canonical().as_str()))
        .bind(new.password.expose())
        .bind(new.date_joined)
        .bind(new.epoch.as_str())
        .bind(Json::Object(new.attributes.clone()).to_string())
}

fn user(row: Row) -> Result<User, Inconsistent> {
    read(&mut row.of("auth_users"))
}

pub(crate) fn read(row: &mut Cells) -> Result<User, Inconsistent> {
    let id = UserId::stored(row.text("id")?);
    let username = Username::stored(row.text("username")?);
    let email = row.optional_text("email")?.map(EmailAddress::stored);
    let password = PasswordHash::stored(row.text("password")?);
    let epoch = Epoch::stored(row.text("epoch")?);
    let is_active = row.boolean("is_active")?;
    let mut user = User::new(id, username, password, epoch, row.moment("date_joined")?);
    user.email = email;
    user.is_active = is_active;
    user.last_login = row.optional_moment("last_login")?;
    let roles = row.text("roles")?;
    if roles != "[]" {
        user.roles = serde_json::from_str(&roles).map_err(|_| row.fault("roles", "is not a JSON array of texts"))?;
    }
    let attributes = row.text("attributes")?;
    if attributes != "{}" {
        user.attributes =
            serde_json::from_str(&attributes).map_err(|_| row.fault("attributes", "is not a JSON object"))?;
    }
    Ok(user)
}
