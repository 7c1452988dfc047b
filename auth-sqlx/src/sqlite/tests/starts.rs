use std::fmt::Debug;

use auth_core::store::SessionStore;
use auth_core::testing::store;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tokio::task::JoinSet;

use super::{File, fresh, session};
use crate::{ConnectError, SqlStore};

async fn host_pool(file: &File) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(file.path()).create_if_missing(true);
    SqlitePool::connect_with(options).await.unwrap()
}

fn told<T: Debug>(result: Result<T, ConnectError>) -> String {
    format!("{:?}", result.unwrap_err())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_first_starts_at_once_all_succeed() {
    for _ in 0..10 {
        let file = File::new();
        let mut starts = JoinSet::new();
        for number in 0..16 {
            let url = file.url();
            starts.spawn(async move {
                let store = SqlStore::connect(&url).await?;
                Ok::<_, ConnectError>(store.open(session(&number.to_string())).await?)
            });
        }
        assert!(starts.join_all().await.into_iter().all(|started| started.is_ok()));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_made_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let file = File::new();
    let store = file.store().await;
    store.open(session("written")).await.unwrap();
    for name in ["app.db", "app.db-wal", "app.db-shm"] {
        let mode = file.0.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_file_is_in_wal_mode_and_every_connection_writes_through() {
    let (_file, store) = fresh().await;
    for (pragma, expected) in [
        ("SELECT journal_mode FROM pragma_journal_mode", "wal"),
        ("SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous", "2"),
        ("SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys", "1"),
        ("SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout", "4000"),
    ] {
        let set: String = sqlx::query_scalar(pragma).fetch_one(store.sqlite_pool().unwrap()).await.unwrap();
        assert_eq!(set, expected, "{pragma}");
    }
}

#[tokio::test]
async fn a_database_in_memory_is_refused() {
    for url in [
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite:",
        "sqlite://",
        "sqlite:%3Amemory%3A",
        "sqlite://app.db?mode=memory",
        "sqlite:file:app?mode=memory",
        "sqlite:file:app",
    ] {
        assert!(told(SqlStore::connect(url).await).contains("in memory is refused"), "{url}");
    }
}

#[tokio::test]
async fn a_parameter_that_changes_the_locking_is_refused() {
    for parameters in ["mode=ro", "cache=shared", "vfs=unix-none", "immutable=1", "mode=rwc&cache=shared"] {
        let url = format!("{}?{parameters}", File::new().url());
        assert!(told(SqlStore::connect(&url).await).contains("parameter"), "{url}");
    }
    let file = File::new();
    SqlStore::connect(&format!("{}?mode=rwc", file.url())).await.unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_named() {
    let url = "sqlite:///no/such/folder/app.db";
    assert!(told(SqlStore::connect(url).await).contains("/no/such/folder/app.db cannot be opened: No such file"));
}

#[tokio::test]
async fn newer_and_changed_tables_are_refused() {
    let file = File::new();
    let pool = host_pool(&file).await;
    SqlStore::from_sqlite_pool(pool.clone()).await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO _auth_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert!(told(SqlStore::connect(&file.url()).await).contains("version 9999"));
    sqlx::raw_sql("DELETE FROM _auth_migrations WHERE version = 9999; UPDATE _auth_migrations SET checksum = x'00'")
        .execute(&pool)
        .await
        .unwrap();
    assert!(told(SqlStore::from_sqlite_pool(pool).await).contains("version 1 of the tables is not the one"));
}

#[tokio::test]
async fn a_host_keeps_its_own_tables_and_migrations_in_the_same_file() {
    let file = File::new();
    let pool = host_pool(&file).await;
    sqlx::raw_sql("CREATE TABLE _sqlx_migrations (mine); CREATE TABLE notes (user_id TEXT, text TEXT)")
        .execute(&pool)
        .await
        .unwrap();
    let store = SqlStore::from_sqlite_pool(pool).await.unwrap();
    sqlx::query("INSERT INTO notes VALUES ('ann', 'hello')").execute(store.sqlite_pool().unwrap()).await.unwrap();
    store::sessions::run_all(&store).await;
}
