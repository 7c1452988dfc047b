//! The files of a server that has ended.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

/// Recovers a copy, so that the server itself finds everything as it was left, and asks whether it
/// is sound: "ok".
pub(super) fn integrity(folder: &Path) -> String {
    let copy = tempfile::tempdir().unwrap();
    for name in ["app.db", "app.db-wal"] {
        let file = folder.join(name);
        if file.exists() {
            std::fs::copy(file, copy.path().join(name)).unwrap();
        }
    }
    on(copy.path(), async |database| sqlx::query_scalar("PRAGMA integrity_check").fetch_one(database).await.unwrap())
}

/// How many mails are to be sent, those that a process has taken included.
pub(super) fn waiting(folder: &Path) -> i64 {
    on(folder, async |database| {
        let count = sqlx::query_scalar("SELECT count(*) FROM auth_outbox WHERE due_at IS NOT NULL");
        count.fetch_one(database).await.unwrap()
    })
}

/// A mail that a process had taken when it died is taken again two minutes later. These two minutes
/// go by here.
pub(super) fn two_minutes_go_by(folder: &Path) -> u64 {
    on(folder, async |database| {
        let leases = sqlx::query("UPDATE auth_outbox SET due_at = 0 WHERE worker IS NOT NULL AND due_at IS NOT NULL");
        leases.execute(database).await.unwrap().rows_affected()
    })
}

/// The column of password hashes.
pub(super) fn password_hashes(folder: &Path) -> Vec<String> {
    on(folder, async |database| {
        sqlx::query_scalar("SELECT password FROM auth_users").fetch_all(database).await.unwrap()
    })
}

fn on<T>(folder: &Path, work: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let file = SqliteConnectOptions::new().filename(folder.join("app.db"));
        let mut database = file.connect().await.unwrap();
        let found = work(&mut database).await;
        database.close().await.unwrap();
        found
    })
}
