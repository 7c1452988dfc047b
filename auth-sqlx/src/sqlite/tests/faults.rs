use std::error::Error as _;
use std::time::Duration;

use auth_core::account::UserId;
use auth_core::session::{Rotation, SessionId};
use auth_core::store::{OutboxStore, SessionStore, StoreError, UserStore, WorkerId};
use auth_core::testing::store;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use super::{File, POLICY, at, fresh, present, session, successor};
use crate::SqlStore;

/// A store whose connections wait for no lock, and not long for one another.
async fn impatient(file: &File, connections: u32) -> SqlStore {
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(1))
        .connect_with(SqliteConnectOptions::new().filename(file.path()).busy_timeout(Duration::ZERO))
        .await
        .unwrap();
    SqlStore::from_sqlite_pool(pool).await.unwrap()
}

async fn run(pool: &SqlitePool, sql: &'static str) {
    sqlx::raw_sql(sql).execute(pool).await.unwrap();
}

fn is_unavailable<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Unavailable(_)))
}

#[tokio::test]
async fn a_locked_database_is_unavailable_to_writers_and_read_by_readers() {
    let file = File::new();
    let store = file.store().await;
    store.open(session("here")).await.unwrap();
    let impatient = impatient(&file, 4).await;
    let lock = store.sqlite_pool().unwrap().begin_with("BEGIN IMMEDIATE").await.unwrap();
    assert!(is_unavailable(&impatient.open(session("late")).await));
    assert!(is_unavailable(&impatient.claim(&WorkerId::stored("w"), at(0), Duration::ZERO, 1).await));
    assert!(impatient.get(&SessionId::stored("here")).await.unwrap().is_some());
    lock.rollback().await.unwrap();
    impatient.open(session("late")).await.unwrap();
}

#[tokio::test]
async fn an_exhausted_pool_is_unavailable_and_recovers() {
    let file = File::new();
    file.store().await;
    let store = impatient(&file, 1).await;
    let held = store.sqlite_pool().unwrap().acquire().await.unwrap();
    assert!(is_unavailable(&store.get(&SessionId::stored("s")).await));
    drop(held);
    assert_eq!(store.get(&SessionId::stored("s")).await.unwrap(), None);
}

#[tokio::test]
async fn a_full_database_is_unavailable_and_still_read() {
    let file = File::new();
    file.store().await;
    let store = impatient(&file, 1).await;
    run(store.sqlite_pool().unwrap(), "PRAGMA max_page_count = 1").await;
    let mut opened = Vec::new();
    let full = loop {
        let id = opened.len().to_string();
        match store.open(session(&id)).await {
            Ok(()) => opened.push(id),
            refused => break refused,
        }
    };
    assert!(is_unavailable(&full));
    assert_eq!(store.list(&UserId::stored("ann")).await.unwrap().len(), opened.len());
}

#[tokio::test]
async fn a_closed_pool_is_unavailable() {
    let (_file, store) = fresh().await;
    store.sqlite_pool().unwrap().close().await;
    assert!(is_unavailable(&store.by_id(&UserId::stored("ann")).await));
}

#[tokio::test]
async fn a_commit_that_fails_is_not_taken_for_a_rotation() {
    let (_file, store) = fresh().await;
    store.open(session("s")).await.unwrap();
    run(
        store.sqlite_pool().unwrap(),
        "CREATE TABLE host (note TEXT REFERENCES auth_sessions (id) DEFERRABLE INITIALLY DEFERRED); \
         CREATE TRIGGER host_note AFTER UPDATE ON auth_sessions BEGIN INSERT INTO host VALUES ('nobody'); END",
    )
    .await;
    let rotated = store.rotate(present("s"), successor("next"), at(1), &POLICY).await;
    assert!(matches!(rotated, Err(StoreError::Backend(_))), "{rotated:?}");
    run(store.sqlite_pool().unwrap(), "DROP TRIGGER host_note").await;
    let rotated = store.rotate(present("s"), successor("next"), at(1), &POLICY).await.unwrap();
    assert!(matches!(rotated, Rotation::Rotated(_)), "{rotated:?}");
}

#[tokio::test]
async fn a_row_that_nobody_should_have_written_is_named_without_its_value() {
    for (column, sql) in [
        ("roles", "UPDATE auth_users SET roles = '\"hunter2\"'"),
        ("attributes", "UPDATE auth_users SET attributes = 'hunter2'"),
        ("is_active", "UPDATE auth_users SET is_active = 'hunter2'"),
        ("date_joined", "UPDATE auth_users SET date_joined = 'hunter2'"),
        ("last_login", "UPDATE auth_users SET last_login = 'hunter2'"),
    ] {
        let (_file, store) = fresh().await;
        store::users::a_sign_in_is_noted(&store).await;
        run(store.sqlite_pool().unwrap(), sql).await;
        let id: String =
            sqlx::query_scalar("SELECT id FROM auth_users").fetch_one(store.sqlite_pool().unwrap()).await.unwrap();
        let error = store.by_id(&UserId::stored(id)).await.unwrap_err();
        let cause = error.source().unwrap().to_string();
        assert!(cause.contains(&format!("auth_users.{column}")) && !cause.contains("hunter2"), "{cause}");
    }
}

#[tokio::test]
async fn a_job_of_a_later_kind_is_left_to_later_workers() {
    let (_file, store) = fresh().await;
    run(
        store.sqlite_pool().unwrap(),
        "INSERT INTO auth_outbox (id, kind, job_group, sealed, created_at, due_at) VALUES ('j', 'later', 'g', '', 0, 0)",
    )
    .await;
    assert!(store.claim(&WorkerId::stored("w"), at(0), Duration::ZERO, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dead_job_is_kept_with_its_reason() {
    let (_file, store) = fresh().await;
    store::outbox::a_dead_job_is_never_given_and_holds_up_nobody(&store).await;
    let reason: String = sqlx::query_scalar("SELECT dead_reason FROM auth_outbox WHERE id = 'dead'")
        .fetch_one(store.sqlite_pool().unwrap())
        .await
        .unwrap();
    assert_eq!(reason, "no such mailbox");
}
