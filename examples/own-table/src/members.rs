//! [`UserStore`] on the table `members`. Every verb is one statement, so that nothing can come
//! between a look and a write, and a request that is dropped leaves everything or nothing.

use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::{CanonicalEmail, EmailAddress, Epoch, Login, NewUser, User, UserId, Username};
use auth_core::password::PasswordHash;
use auth_core::restore::TokenDigest;
use auth_core::store::{Cas, EpochRule, PresentedRestore, RestoreProof, StoreError, Unique, UserStore};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::{Sqlite, SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{Row as _, query, query::Query};

/// The members of the application, those who have left excepted.
#[derive(Debug, Clone)]
pub struct Members(pub SqlitePool);

macro_rules! columns {
    () => {
        "member_no, nickname, mail, secret, full_name, plan, level, blocked, unixepoch(joined) AS joined, \
         unixepoch(seen) AS seen, CASE WHEN period_of = secret THEN period END AS period"
    };
}

macro_rules! select_where {
    ($condition:literal) => {
        concat!("SELECT ", columns!(), " FROM members WHERE deleted_at IS NULL AND ", $condition)
    };
}

const CHANGE: &str = "UPDATE members SET secret = $1, period = $2, period_of = $1, restore_digest = NULL \
    WHERE member_no = $3 AND deleted_at IS NULL AND secret = coalesce($4, secret)";
const REHASH: &str = "UPDATE members SET secret = $1, period_of = $1, \
    period = CASE WHEN period_of = secret THEN period ELSE $2 END \
    WHERE member_no = $3 AND deleted_at IS NULL AND secret = $4";
const NEW_PERIOD: &str = "UPDATE members SET blocked = coalesce($1, blocked), period = $2, period_of = secret, \
    restore_digest = NULL WHERE member_no = $3 AND deleted_at IS NULL";

#[async_trait]
impl UserStore for Members {
    async fn insert(&self, new: NewUser) -> Result<User, StoreError> {
        let insert = query(concat!(
            "INSERT INTO members (nickname, name_key, mail, mail_key, secret, full_name, joined, period, period_of) \
             VALUES ($1, $2, $3, $4, $5, $6, datetime($7, 'unixepoch'), $8, $5) RETURNING ",
            columns!()
        ))
        .bind(new.username.as_str())
        .bind(new.login.canonical())
        .bind(new.email.as_ref().map(EmailAddress::as_str))
        .bind(new.email.as_ref().map(|mail| mail.canonical().as_str()))
        .bind(new.password.expose())
        .bind(new.attributes.get("full_name").and_then(|name| name.as_str()).unwrap_or_default())
        .bind(new.date_joined.unix_seconds())
        .bind(new.epoch.as_str());
        match self.member(insert).await {
            // Both indexes may refuse, and SQLite names one.
            Err(StoreError::Conflict(Unique::Email)) if self.by_login(&new.login).await?.is_some() => {
                Err(StoreError::Conflict(Unique::Login))
            }
            inserted => inserted?.ok_or_else(|| StoreError::backend("the new member was not returned")),
        }
    }

    async fn by_id(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        self.member(query(select_where!("member_no = $1")).bind(id.as_i64())).await
    }

    async fn by_login(&self, login: &Login) -> Result<Option<User>, StoreError> {
        self.member(query(select_where!("name_key = $1")).bind(login.canonical())).await
    }

    async fn by_email(&self, email: &CanonicalEmail) -> Result<Option<User>, StoreError> {
        self.member(query(select_where!("mail_key = $1")).bind(email.as_str())).await
    }

    async fn by_restoring_token(&self, presented: &PresentedRestore) -> Result<Option<User>, StoreError> {
        self.member(query(select_where!("restore_digest = $1")).bind(presented.digest.as_str())).await
    }

    async fn set_password(
        &self,
        id: &UserId,
        read: Option<&PasswordHash>,
        new: &PasswordHash,
        epoch: EpochRule,
    ) -> Result<Cas, StoreError> {
        let (sql, period) = match (&epoch, read) {
            (EpochRule::New(epoch), _) => (CHANGE, epoch.as_str().to_owned()),
            (EpochRule::Keep, Some(read)) => (REHASH, derived(id, read)),
            // The epoch to keep can only be told from a secret that is known.
            (EpochRule::Keep, None) => loop {
                let Some(user) = self.by_id(id).await? else { return Ok(Cas::Lost) };
                if self.set_password(id, Some(&user.password), new, EpochRule::Keep).await? == Cas::Won {
                    return Ok(Cas::Won);
                }
            },
        };
        let write = query(sql).bind(new.expose()).bind(period).bind(id.as_i64()).bind(read.map(PasswordHash::expose));
        Ok(if self.write(write).await? == 0 { Cas::Lost } else { Cas::Won })
    }

    async fn set_restoring_token(&self, id: &UserId, digest: Option<&TokenDigest>) -> Result<(), StoreError> {
        let write = query("UPDATE members SET restore_digest = $1 WHERE member_no = $2 AND deleted_at IS NULL");
        let digest = digest.map(TokenDigest::as_str);
        self.write(write.bind(digest).bind(id.as_i64())).await.map(drop)
    }

    async fn restore_password(
        &self,
        proof: &RestoreProof,
        new: &PasswordHash,
        epoch: Epoch,
    ) -> Result<Option<User>, StoreError> {
        let restore = query(concat!(
            "UPDATE members SET secret = $1, period = $2, period_of = $1, restore_digest = NULL \
             WHERE member_no = $3 AND deleted_at IS NULL AND NOT blocked AND restore_digest = $4 \
             AND secret = $5 AND mail IS $6 AND CASE WHEN period_of = secret THEN period ELSE $7 END = $8 RETURNING ",
            columns!()
        ))
        .bind(new.expose())
        .bind(epoch.as_str())
        .bind(proof.user.as_i64())
        .bind(proof.digest.as_str())
        .bind(proof.password.expose())
        .bind(proof.email.as_ref().map(EmailAddress::as_str))
        .bind(derived(&proof.user, &proof.password))
        .bind(proof.epoch.as_str());
        self.member(restore).await
    }

    async fn set_active(&self, id: &UserId, active: bool, epoch: Epoch) -> Result<(), StoreError> {
        self.begin(id, Some(!active), &epoch).await
    }

    async fn set_epoch(&self, id: &UserId, epoch: Epoch) -> Result<Epoch, StoreError> {
        self.begin(id, None, &epoch).await?;
        Ok(epoch)
    }

    async fn signed_in(&self, id: &UserId, at: Timestamp) -> Result<(), StoreError> {
        let write = query("UPDATE members SET seen = datetime($1, 'unixepoch') WHERE member_no = $2");
        self.write(write.bind(at.unix_seconds()).bind(id.as_i64())).await.map(drop)
    }
}

type Statement = Query<'static, Sqlite, SqliteArguments>;

impl Members {
    /// Reads to the end: an UPDATE with RETURNING has happened only then.
    async fn member(&self, statement: Statement) -> Result<Option<User>, StoreError> {
        let row = statement.fetch_all(&self.0).await.map_err(told)?.pop();
        row.map(|row| user(&row).map_err(StoreError::backend)).transpose()
    }

    /// Begins an epoch, and blocks or unblocks where that is asked for.
    async fn begin(&self, id: &UserId, blocked: Option<bool>, epoch: &Epoch) -> Result<(), StoreError> {
        self.write(query(NEW_PERIOD).bind(blocked).bind(epoch.as_str()).bind(id.as_i64())).await.map(drop)
    }

    async fn write(&self, statement: Statement) -> Result<u64, StoreError> {
        Ok(statement.execute(&self.0).await.map_err(told)?.rows_affected())
    }
}

fn user(row: &SqliteRow) -> Result<User, sqlx::Error> {
    let id = UserId::from(row.try_get::<i64, _>("member_no")?);
    let password = PasswordHash::stored(row.try_get::<String, _>("secret")?);
    let period: Option<String> = row.try_get("period")?;
    let epoch = Epoch::stored(period.unwrap_or_else(|| derived(&id, &password)));
    let name = Username::stored(row.try_get::<String, _>("nickname")?);
    let mut user = User::new(id, name, password, epoch, Timestamp::from_unix_seconds(row.try_get("joined")?));
    user.email = row.try_get::<Option<String>, _>("mail")?.map(EmailAddress::stored);
    user.is_active = !row.try_get::<bool, _>("blocked")?;
    user.last_login = row.try_get::<Option<i64>, _>("seen")?.map(Timestamp::from_unix_seconds);
    user.roles = vec![row.try_get("level")?];
    for column in ["full_name", "plan"] {
        user.attributes.insert(column.to_owned(), row.try_get::<String, _>(column)?.into());
    }
    Ok(user)
}

/// The epoch of a member whose secret another program wrote.
fn derived(id: &UserId, secret: &PasswordHash) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{id}:{}", secret.expose())))
}

/// What a failure of SQLite means.
fn told(error: sqlx::Error) -> StoreError {
    match error.as_database_error().map(|told| (told.message(), told.code())) {
        Some(("UNIQUE constraint failed: members.name_key", _)) => StoreError::Conflict(Unique::Login),
        Some(("UNIQUE constraint failed: members.mail_key", _)) => StoreError::Conflict(Unique::Email),
        // Busy, full, or it cannot be opened: trying again can help.
        Some((_, Some(code))) if !matches!(&*code, "5" | "13" | "14") => StoreError::backend(error),
        _ => StoreError::unavailable(error),
    }
}
