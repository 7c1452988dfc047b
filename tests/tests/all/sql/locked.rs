use std::sync::Arc;

use auth_tests::{Database, PW, StoreKind, Transport, World, settings};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::faults::row_on;

/// Another program on the file of a database.
async fn other(database: &Database) -> SqliteConnection {
    let Database::Sqlite(folder) = database else { panic!("a file") };
    let options = SqliteConnectOptions::new().filename(Arc::clone(folder).path().join("auth.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn a_file_that_another_writer_holds_is_503_to_writers_and_readers_go_on() {
    for transport in Transport::HTTP {
        let database = Database::new(StoreKind::Sqlite);
        let world = World::on(database.clone(), transport, settings()).await;
        let mut ann = world.client();
        ann.joins_as("ann", PW).await;

        let mut writer = other(&database).await;
        let lock = writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let mut signs_in = ann.clone();
        let (signed_up, signed_in, read) =
            tokio::join!(ann.signup_username("ben", PW), async { signs_in.signin("ann", PW).await }, ann.get_user());
        signed_up.is(503, "unavailable");
        signed_in.is(503, "unavailable");
        read.is_ok();

        lock.rollback().await.unwrap();
        ann.refresh().await.is_ok();
        ann.signup_username("ben", PW).await.is_ok();
        ann.signin("ben", PW).await.is_ok();
        let seen = "sign-up and sign-in 503, /get_user 200; then all 200";
        row_on(transport, "another writer holds the file", "SQLite", seen, "account and session of before kept");
    }
}
