//! The live user table of a Django project.

mod account;
mod epoch;
mod moment;
mod names;
mod newcomers;
mod sql;
mod table;
mod takeover;
mod user;

use std::fmt;
use std::sync::Arc;

use auth_core::Timestamp;
use auth_core::store::{IntoStores, StoreError, Stores};

use crate::SqlStore;
use crate::connect::ConnectError;
use crate::driver::{Statement, Tables};
use sql::{Queries, statement};

pub use table::{DjangoTable, DjangoTableFault};

const CLAIM: &str = "INSERT INTO auth_takeover (id, user_table, taken_at) VALUES (1, $1, $2) ON CONFLICT DO NOTHING";
const CLAIMED: &str = "SELECT user_table, taken_at FROM auth_takeover WHERE id = 1";

/// Accounts in the user table of a Django project (4.2), which stays as it is: no column is added,
/// and no row is written but by what a user does. The project may go on using it.
///
/// The table is that of a model on `AbstractUser` with the column `restoring_token`, 145
/// characters or `NULL`, in a project with `USE_TZ = True` and integer keys. What it lacks stands
/// in tables of ours beside it, whose names begin with `auth_takeover`; sessions and mail jobs are
/// where [`SqlStore`] keeps them.
///
/// What differs from [`SqlStore`]:
///
/// - A name is found exactly as it was typed, or after NFKC, in which Django keeps names: `Alice`
///   is not `alice`. Canonical forms decide only whether a sign-up is refused. Where the table
///   already had two users of one form, the lower id has it; both sign in.
/// - The epoch is derived from the password column, so that a password which Django writes ends
///   our sessions too. Django's own upgrade of a hash is another password in that sense.
/// - A sign-in leaves `last_login` alone, and a sign-up fills no attributes. [`User::attributes`]
///   of every user has `is_superuser`, `first_name`, `last_name` and `is_staff`.
/// - Names and addresses that Django writes are compared with those of a sign-up when it comes: two
///   sign-ups for one address, at the same moment on either side, are both accepted, as Django's
///   table has no index against it.
///
/// [`User::attributes`]: auth_core::account::User::attributes
///
/// ```no_run
/// use auth_core::{Clock, SystemClock};
/// use auth_sqlx::{DjangoStore, SqlStore};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let sql = SqlStore::connect("postgres://app@localhost/project").await?;
/// let store = DjangoStore::open(sql, &"accounts_user".parse()?, SystemClock.now()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DjangoStore {
    sql: SqlStore,
    queries: Arc<Queries>,
    taken_at: Timestamp,
}

impl DjangoStore {
    /// Makes what is missing beside the table, and notes in it whoever the table has. The first
    /// start takes over: `now` is then the moment of the takeover.
    ///
    /// With 100,000 users the first start takes some seconds; a start that is cut off goes on
    /// where it was.
    ///
    /// # Errors
    /// When the table is not there or is no user table of Django, another one was taken over in
    /// this database, our tables are newer than this version knows, or the database does not
    /// answer.
    pub async fn open(sql: SqlStore, table: &DjangoTable, now: Timestamp) -> Result<Self, ConnectError> {
        let driver = &*sql.driver;
        let queries = Queries::new(table, driver.dialect());
        let unusable = |source| match source {
            StoreError::Backend(_) => ConnectError::UserTable { table: table.to_string(), source },
            other => other.into(),
        };
        // A table that is not there leaves no tables of ours behind.
        driver.fetch(statement(&queries.id_of).bind("")).await.map_err(unusable)?;
        driver.migrate(Tables::Takeover).await?;
        driver.fetch(statement(&queries.by_restoring_token).bind("")).await.map_err(unusable)?;

        driver.execute(Statement::new(CLAIM).bind(table.as_str()).bind(now)).await?;
        let (claimed, taken_at) = claimed(driver.fetch(Statement::new(CLAIMED)).await?)?;
        if claimed != table.as_str() {
            return Err(ConnectError::OtherUserTable(claimed));
        }
        let store = Self { sql, queries: Arc::new(queries), taken_at };
        store.file_everybody().await?;
        Ok(store)
    }
}

fn claimed(rows: Vec<crate::row::Row>) -> Result<(String, Timestamp), StoreError> {
    let row = rows.into_iter().next().ok_or_else(|| StoreError::backend("auth_takeover has no row"))?;
    let mut row = row.of("auth_takeover");
    Ok((row.text("user_table")?, row.moment("taken_at")?))
}

/// The users of the table and the tokens of its other service; everything else where the database
/// keeps it.
impl IntoStores for DjangoStore {
    fn into_stores(self) -> Stores {
        let rest = self.sql.clone();
        Stores::new(self.clone(), rest).with_takeover(self)
    }
}

impl fmt::Debug for DjangoStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DjangoStore(..)")
    }
}
