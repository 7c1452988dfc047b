use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::{CanonicalEmail, EmailAddress, Epoch, Login, NewUser, User, UserId, Username};
use auth_core::password::PasswordHash;
use auth_core::restore::{LegacyRestoreToken, TokenDigest};
use auth_core::store::{Cas, EpochRule, PresentedRestore, RestoreProof, StoreError, Unique, UserStore};
use sqlx::error::DatabaseError;

use super::account::{Account, one};
use super::epoch::digest;
use super::names::{Index, email_key, name_key};
use super::newcomers::{Newcomer, file};
use super::sql::statement;
use super::{DjangoStore, moment};
use crate::driver::{Dialect, Statement, Transaction};
use crate::row::Row;

/// The widths of Django's columns, in characters. SQLite would keep more.
const USERNAME: usize = 150;
const EMAIL: usize = 254;
const PASSWORD: usize = 128;

/// The epoch is the same with the new hash: its root is what it was under the old one.
const KEEP_EPOCH: &str = "UPDATE auth_takeover_users \
    SET root = CASE WHEN seen = $2 THEN root ELSE $2 END, seen = $3 WHERE user_id = $1";
const BUMP: &str = "UPDATE auth_takeover_users SET bumps = bumps + 1 WHERE user_id = $1";

#[async_trait]
impl UserStore for DjangoStore {
    /// The unique index of the table and those of ours decide, in one transaction; the live table
    /// is asked for what Django has changed since. The name is stored after NFKC, as Django does.
    async fn insert(&self, new: NewUser) -> Result<User, StoreError> {
        let name = Username::stored(new.username.normalized());
        fits(&name, new.email.as_ref(), &new.password)?;
        self.file_late().await?;
        // It reads the whole table, so it comes before anything is locked.
        let alike = self.alike(&name, new.email.as_ref()).await?;
        let mut transaction = self.begin_sign_up().await?;
        let id = self.insert_row(&mut *transaction, &name, &new).await?;
        self.claim_names(&mut *transaction, id, &name, new.email.as_ref(), &alike).await?;
        let newcomer = Newcomer::new(id, &name, new.email.as_ref(), new.password.expose());
        file(&mut *transaction, &[newcomer]).await?;
        let account = one(transaction.fetch(statement(&self.queries.by_id).bind(id)).await?)?;
        let account = account.ok_or_else(|| StoreError::backend("the new row is not there"))?;
        transaction.commit().await?;
        Ok(account.user)
    }

    async fn by_id(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        let Some(id) = id.as_i64() else { return Ok(None) };
        self.user(statement(&self.queries.by_id).bind(id)).await
    }

    /// By the name as it was typed, or else by its NFKC: two such names may stand in the table.
    async fn by_login(&self, login: &Login) -> Result<Option<User>, StoreError> {
        let (given, normalized) = (login.given(), login.normalized());
        let query = statement(&self.queries.by_username).bind(given).bind(normalized.as_str());
        let rows = self.sql.driver.fetch(query).await?;
        let mut users: Vec<_> = rows.into_iter().map(Account::read).collect::<Result<_, _>>()?;
        // A collation of MySQL may find other spellings too.
        users.retain(|account| [given, &normalized].contains(&account.user.username.as_str()));
        users.sort_by_key(|account| account.user.username.as_str() != given);
        Ok(users.into_iter().next().map(|account| account.user))
    }

    async fn by_email(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError> {
        if let Some(user) = self.noted(email).await? {
            return Ok(Some(user));
        }
        if self.file_late().await?
            && let Some(user) = self.noted(email).await?
        {
            return Ok(Some(user));
        }
        self.renamed(email).await
    }

    async fn by_restoring_token(&self, presented: &PresentedRestore) -> Result<Option<User>, StoreError> {
        self.user(
            statement(&self.queries.by_restoring_token).bind(in_column(&presented.digest, presented.legacy.as_ref())),
        )
        .await
    }

    async fn set_password(
        &self,
        id: &UserId,
        read: Option<&PasswordHash>,
        new: &PasswordHash,
        epoch: EpochRule,
    ) -> Result<Cas, StoreError> {
        let Some(id) = id.as_i64() else { return Ok(Cas::Lost) };
        match (epoch, read) {
            // The epoch is derived: another hash is another epoch, in the same write.
            (EpochRule::New(_), Some(read)) => {
                self.file_one(id).await?;
                let change = statement(&self.queries.change_password);
                self.write(change.bind(new.expose()).bind(id).bind(read.expose())).await
            }
            (EpochRule::New(_), None) => {
                self.file_one(id).await?;
                self.write(statement(&self.queries.set_password).bind(new.expose()).bind(id)).await
            }
            (EpochRule::Keep, Some(read)) => self.rehash(id, read, new).await,
            (EpochRule::Keep, None) => {
                let Some(user) = self.by_id(&id.into()).await? else { return Ok(Cas::Lost) };
                match self.rehash(id, &user.password, new).await? {
                    Cas::Won => Ok(Cas::Won),
                    Cas::Lost => Err(StoreError::unavailable("another writer of the password was faster")),
                }
            }
        }
    }

    async fn set_restoring_token(&self, id: &UserId, digest: Option<&TokenDigest>) -> Result<(), StoreError> {
        let Some(id) = id.as_i64() else { return Ok(()) };
        let digest = digest.map(TokenDigest::as_str);
        let set = statement(&self.queries.set_restoring_token).bind(digest).bind(id);
        self.sql.driver.execute(set).await.map(drop)
    }

    /// The write on the table decides. What it cannot compare, because it stands beside the table,
    /// is compared before the write is kept: nobody else changes it meanwhile, since everybody
    /// writes the user's row first.
    async fn restore_password(
        &self,
        proof: &RestoreProof,
        new: &PasswordHash,
        _epoch: Epoch,
    ) -> Result<Option<User>, StoreError> {
        let Some(id) = proof.user.as_i64() else { return Ok(None) };
        self.file_one(id).await?;
        let restore = statement(&self.queries.restore_password)
            .bind(new.expose())
            .bind(id)
            .bind(in_column(&proof.digest, proof.legacy.as_ref()))
            .bind(proof.password.expose())
            .bind(proof.email.as_ref().map_or("", EmailAddress::as_str));
        let mut transaction = self.sql.driver.begin_beside().await?;
        if transaction.execute(restore).await? == 0 {
            return Ok(None);
        }
        let restored = one(transaction.fetch(statement(&self.queries.by_id).bind(id)).await?)?;
        let Some(restored) = restored.filter(|account| account.epoch_with(&proof.password) == proof.epoch) else {
            return Ok(None);
        };
        transaction.commit().await?;
        Ok(Some(restored.user))
    }

    async fn set_active(&self, id: &UserId, active: bool, _epoch: Epoch) -> Result<(), StoreError> {
        let Some(id) = id.as_i64() else { return Ok(()) };
        self.end_everything(id, statement(&self.queries.set_active).bind(active).bind(id)).await.map(drop)
    }

    async fn set_epoch(&self, id: &UserId, epoch: Epoch) -> Result<Epoch, StoreError> {
        let Some(id) = id.as_i64() else { return Ok(epoch) };
        let end_token = statement(&self.queries.set_restoring_token).bind(None::<String>).bind(id);
        Ok(self.end_everything(id, end_token).await?.unwrap_or(epoch))
    }

    /// Leaves the table as it is: so did the Python service.
    async fn signed_in(&self, _id: &UserId, _at: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
}

impl DjangoStore {
    async fn user(&self, query: Statement) -> Result<Option<User>, StoreError> {
        Ok(self.sql.driver.find(query).await?.map(Account::read).transpose()?.map(|account| account.user))
    }

    async fn write(&self, statement: Statement) -> Result<Cas, StoreError> {
        Ok(if self.sql.driver.execute(statement).await? == 0 { Cas::Lost } else { Cas::Won })
    }

    /// `InnoDB` lets those who wait for one key lock each other out when its writer gives up.
    async fn begin_sign_up(&self) -> Result<Box<dyn Transaction>, StoreError> {
        match self.sql.driver.dialect() {
            Dialect::MySql => self.sql.driver.begin().await,
            Dialect::Sqlite | Dialect::Postgres => self.sql.driver.begin_beside().await,
        }
    }

    async fn insert_row(&self, on: &mut dyn Transaction, name: &Username, new: &NewUser) -> Result<i64, StoreError> {
        let insert = statement(&self.queries.insert)
            .bind(new.password.expose())
            .bind(name.as_str())
            .bind(new.email.as_ref().map_or("", EmailAddress::as_str))
            .bind(moment::written(new.date_joined));
        on.execute(insert).await.map_err(name_taken)?;
        let rows = on.fetch(statement(&self.queries.id_of).bind(name.as_str())).await?;
        let row = rows.into_iter().next().ok_or_else(|| StoreError::backend("the new row is not there"))?;
        Ok(row.of("the user table").integer("id")?)
    }

    async fn claim_names(
        &self,
        on: &mut dyn Transaction,
        id: i64,
        name: &Username,
        email: Option<&EmailAddress>,
        alike: &[(String, String)],
    ) -> Result<(), StoreError> {
        let (names, key) = (Index::names(&self.queries), name_key(name));
        let is_taken = alike.iter().any(|(username, _)| names.has(&key, username));
        if names.claim(on, &key, id).await? == Cas::Lost || is_taken {
            return Err(StoreError::Conflict(Unique::Login));
        }
        let Some(email) = email else { return Ok(()) };
        let (emails, key) = (Index::emails(&self.queries), email_key(email));
        let is_taken = alike.iter().any(|(_, address)| !address.is_empty() && emails.has(&key, address));
        if emails.claim(on, &key, id).await? == Cas::Lost || is_taken {
            return Err(StoreError::Conflict(Unique::Email));
        }
        Ok(())
    }

    /// Names and addresses in the live table that differ at most in case.
    async fn alike(&self, name: &Username, email: Option<&EmailAddress>) -> Result<Vec<(String, String)>, StoreError> {
        // No address is like none.
        let email = email.map_or_else(|| "-".to_owned(), |email| email.as_str().to_lowercase());
        let alike = statement(&self.queries.alike).bind(name.as_str().to_lowercase()).bind(email);
        let pair = |row: Row| {
            let mut row = row.of("the user table");
            Ok((row.text("username")?, row.text("email")?))
        };
        self.sql.driver.fetch(alike).await?.into_iter().map(pair).collect()
    }

    /// The user of an address in our table, if it still is the user's.
    async fn noted(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError> {
        let user = self.user(statement(&self.queries.by_email_key).bind(digest(email.as_str()))).await?;
        Ok(user.filter(|user| has_address(user, email)))
    }

    /// The user whom Django has given this address since; the lowest id, where there are several.
    async fn renamed(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError> {
        if email.as_str().contains('\0') {
            return Ok(None);
        }
        let rows = self.sql.driver.fetch(statement(&self.queries.by_lower_email).bind(email.as_str())).await?;
        let users: Vec<_> = rows.into_iter().map(Account::read).collect::<Result<_, _>>()?;
        Ok(users.into_iter().map(|account| account.user).find(|user| has_address(user, email)))
    }

    async fn rehash(&self, id: i64, read: &PasswordHash, new: &PasswordHash) -> Result<Cas, StoreError> {
        self.file_one(id).await?;
        let mut transaction = self.sql.driver.begin_beside().await?;
        let rehash = statement(&self.queries.rehash).bind(new.expose()).bind(id).bind(read.expose());
        if transaction.execute(rehash).await? == 0 {
            return Ok(Cas::Lost);
        }
        let keep = Statement::new(KEEP_EPOCH).bind(id).bind(digest(read.expose())).bind(digest(new.expose()));
        transaction.execute(keep).await?;
        transaction.commit().await?;
        Ok(Cas::Won)
    }

    /// Writes the user's row and begins a new epoch, which it returns; `None` without such a user.
    async fn end_everything(&self, id: i64, write: Statement) -> Result<Option<Epoch>, StoreError> {
        self.file_one(id).await?;
        let mut transaction = self.sql.driver.begin_beside().await?;
        if transaction.execute(write).await? == 0 {
            return Ok(None);
        }
        transaction.execute(Statement::new(BUMP).bind(id)).await?;
        let account = one(transaction.fetch(statement(&self.queries.by_id).bind(id)).await?)?;
        transaction.commit().await?;
        Ok(account.map(|account| account.user.epoch))
    }
}

/// What stands in the column: our digest, or a token of the other service in clear.
fn in_column<'t>(digest: &'t TokenDigest, legacy: Option<&'t LegacyRestoreToken>) -> &'t str {
    legacy.map_or(digest.as_str(), LegacyRestoreToken::expose)
}

fn has_address(user: &User, email: &CanonicalEmail) -> bool {
    user.email.as_ref().is_some_and(|address| address.canonical() == email)
}

/// What Django's columns would refuse or, on SQLite, keep longer than Django reads it.
fn fits(name: &Username, email: Option<&EmailAddress>, password: &PasswordHash) -> Result<(), StoreError> {
    let email = email.map_or("", EmailAddress::as_str);
    let texts = [(name.as_str(), USERNAME), (email, EMAIL), (password.expose(), PASSWORD)];
    if texts.iter().any(|(text, most)| text.chars().count() > *most || text.contains('\0')) {
        return Err(StoreError::backend("a name, an address or a hash does not fit Django's column"));
    }
    Ok(())
}

/// The table has one unique index beside its key. Its name is Django's affair.
fn name_taken(error: StoreError) -> StoreError {
    match error {
        StoreError::Backend(source) if is_unique_violation(&*source) => StoreError::Conflict(Unique::Login),
        other => other,
    }
}

fn is_unique_violation(error: &(dyn std::error::Error + 'static)) -> bool {
    let error = error.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    error.is_some_and(DatabaseError::is_unique_violation)
}
