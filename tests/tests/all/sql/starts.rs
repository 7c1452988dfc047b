use auth_core::store::SessionStore as _;
use auth_core::testing::store;
use auth_sqlx::sqlx::{MySqlPool, PgPool};
use auth_sqlx::{ConnectError, SqlStore};
use auth_tests::Scratch;
use tokio::task::JoinSet;

use crate::faults::row;

use super::{databases, open, run, server_of};

async fn refusal(database: &Scratch) -> String {
    format!("{:?}", SqlStore::connect(&database.url()).await.unwrap_err())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_first_starts_at_once_all_succeed() {
    for database in databases() {
        let mut starts = JoinSet::new();
        for _ in 0..16 {
            let url = database.url();
            starts.spawn(async move {
                let store = SqlStore::connect(&url).await?;
                let sessions = store.list(&auth_core::account::UserId::stored("nobody")).await?;
                Ok::<_, ConnectError>(sessions.len())
            });
        }
        for started in starts.join_all().await {
            assert_eq!(started.unwrap(), 0, "{}", database.url());
        }
        row("16 first starts at once", "store", server_of(&database.url()), "16 of 16 start", "one set of tables");
    }
}

#[tokio::test]
async fn newer_and_changed_tables_are_refused() {
    for database in databases() {
        open(&database).await;
        run(
            &database,
            "INSERT INTO _auth_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'later', TRUE, '', 0)",
        )
        .await;
        assert!(refusal(&database).await.contains("version 9999"), "{}", database.url());
        run(&database, "DELETE FROM _auth_migrations WHERE version = 9999").await;
        run(&database, "UPDATE _auth_migrations SET checksum = ''").await;
        assert!(refusal(&database).await.contains("version 1 of the tables is not the one"), "{}", database.url());
        let seen = "the start is refused and says the version";
        row("newer tables, changed tables", "store", server_of(&database.url()), seen, "nothing is written");
    }
}

/// Takes away what later files have made: the tables are as the first one left them.
async fn as_the_first_version_made_it(database: &Scratch) {
    open(database).await;
    run(database, "DROP TABLE auth_attempts").await;
    run(database, "DELETE FROM _auth_migrations WHERE version > 1").await;
}

#[tokio::test]
async fn tables_of_the_first_version_are_brought_up_to_date_by_many_starts_at_once() {
    for database in databases() {
        let store = open(&database).await;
        store::sessions::run_all(&store).await;
        let kept = store.list(&auth_core::account::UserId::stored("ann")).await.unwrap();
        as_the_first_version_made_it(&database).await;
        let mut starts = JoinSet::new();
        for _ in 0..8 {
            let url = database.url();
            starts.spawn(async move { SqlStore::connect(&url).await.map(drop) });
        }
        for started in starts.join_all().await {
            assert!(started.is_ok(), "{started:?} {}", database.url());
        }
        let store = open(&database).await;
        assert_eq!(store.list(&auth_core::account::UserId::stored("ann")).await.unwrap(), kept);
        store::attempts::run_all(&store).await;
        row(
            "8 upgrades at once",
            "store",
            server_of(&database.url()),
            "8 of 8 start",
            "the sessions of before are kept",
        );
    }
}

#[tokio::test]
async fn a_start_that_was_killed_is_made_good_by_the_next() {
    for database in databases() {
        open(&database).await;
        run(&database, "DROP TABLE auth_outbox").await;
        if database.url().starts_with("mysql") {
            run(&database, "UPDATE _auth_migrations SET success = FALSE").await;
        } else {
            // Here a start happens as a whole or not at all.
            run(&database, "DROP TABLE auth_users, auth_sessions, auth_attempts, _auth_migrations").await;
        }
        store::outbox::run_all(&open(&database).await).await;
    }
}

#[tokio::test]
async fn a_host_keeps_its_own_tables_and_migrations_in_the_same_database() {
    for database in databases() {
        run(&database, "CREATE TABLE _sqlx_migrations (mine INT)").await;
        let store = if database.url().starts_with("postgres") {
            SqlStore::from_postgres_pool(PgPool::connect(&database.url()).await.unwrap()).await.unwrap()
        } else {
            SqlStore::from_mysql_pool(MySqlPool::connect(&database.url()).await.unwrap()).await.unwrap()
        };
        assert!(store.postgres_pool().is_some() != store.mysql_pool().is_some());
        store::users::an_account_is_found_by_id_name_and_address(&store).await;
        store::sessions::run_all(&store).await;
        store::outbox::run_all(&store).await;
        store::attempts::run_all(&store).await;
    }
}

#[tokio::test]
async fn a_database_that_is_missing_is_told_without_the_password() {
    for database in databases() {
        let url = database.url().replacen('@', ":hunter2@", 1);
        let (server, _) = url.rsplit_once('/').unwrap();
        let told = format!("{:?}", SqlStore::connect(&format!("{server}/missing")).await.unwrap_err());
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_at_once() {
    for scheme in ["postgres", "mysql"] {
        let told =
            format!("{:?}", SqlStore::connect(&format!("{scheme}://app:hunter2@127.0.0.1:1/app")).await.unwrap_err());
        assert!(told.contains("refused") && !told.contains("hunter2"), "{told}");
    }
}
