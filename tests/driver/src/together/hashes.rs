use example_services::Scratch;
use sqlx::{Connection as _, PgConnection, query, query_as, raw_sql};

/// Keeps each write of a password as it was decided. A write that matched no row leaves nothing.
const WATCH: &str = "
    CREATE TABLE hashes (seq BIGINT GENERATED ALWAYS AS IDENTITY, email TEXT, password TEXT, epoch TEXT);
    CREATE FUNCTION note() RETURNS trigger AS 'BEGIN
        INSERT INTO hashes (email, password, epoch) VALUES (NEW.email, NEW.password, NEW.epoch); RETURN NULL; END'
        LANGUAGE plpgsql;
    CREATE TRIGGER note AFTER UPDATE OF password ON auth_users FOR EACH ROW EXECUTE FUNCTION note();";

/// One write of a password.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) password: String,
    pub(super) epoch: String,
}

/// The column of password hashes, and who wrote to it in which order.
pub(super) struct Hashes<'a>(&'a Scratch);

impl<'a> Hashes<'a> {
    /// Notes every write from now on.
    pub(super) fn watch(database: &'a Scratch) -> Self {
        on(database, async |database| raw_sql(WATCH).execute(database).await.map(drop));
        Self(database)
    }

    /// Writes a hash past the servers; the epoch stays.
    pub(super) fn write(&self, email: &str, password: &str) {
        let sql = "UPDATE auth_users SET password = $1 WHERE email = $2";
        let written =
            on(self.0, async |database| query(sql).bind(password).bind(email).execute(database).await).rows_affected();
        assert_eq!(written, 1, "{email}");
    }

    /// The writes to this account, the oldest first.
    pub(super) fn history(&self, email: &str) -> Vec<Written> {
        self.written("SELECT password, epoch FROM hashes WHERE email = $1 ORDER BY seq", email)
    }

    /// What the account has now.
    pub(super) fn stored(&self, email: &str) -> Written {
        self.written("SELECT password, epoch FROM auth_users WHERE email = $1", email).remove(0)
    }

    fn written(&self, sql: &'static str, email: &str) -> Vec<Written> {
        let rows: Vec<(String, String)> =
            on(self.0, async |database| query_as(sql).bind(email).fetch_all(database).await);
        rows.into_iter().map(|(password, epoch)| Written { password, epoch }).collect()
    }
}

fn on<T>(database: &Scratch, work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(&database.url()).await.unwrap();
        let found = work(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        found
    })
}
