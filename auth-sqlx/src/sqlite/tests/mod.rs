mod faults;
mod plans;
mod promises;
mod starts;

use auth_core::account::{Epoch, UserId};
use auth_core::session::{NewSession, Presented, RotationPolicy, Session, SessionId, Successor, TokenId};
use auth_core::{ClientInfo, Timestamp};
use std::time::Duration;
use tempfile::TempDir;

use crate::SqlStore;

const POLICY: RotationPolicy = RotationPolicy { grace: Duration::from_secs(10), idle: Duration::from_secs(1_000) };

/// A database file of a test's own.
struct File(TempDir);

impl File {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("app.db")
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.path().display())
    }

    async fn store(&self) -> SqlStore {
        SqlStore::connect(&self.url()).await.unwrap()
    }
}

/// A store on a file that lasts as long as the first of the two.
async fn fresh() -> (File, SqlStore) {
    let file = File::new();
    let store = file.store().await;
    (file, store)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000 + seconds)
}

fn session(id: &str) -> NewSession {
    NewSession::unproven_for_tests(Session {
        id: SessionId::stored(id),
        user: UserId::stored("ann"),
        epoch: Epoch::stored("epoch"),
        generation: 0,
        current: successor("first"),
        created_at: at(0),
        rotated_at: at(0),
        absolute_end: at(5_000),
        client: ClientInfo::default(),
    })
}

fn successor(jti: &str) -> Successor {
    Successor { jti: TokenId::stored(jti), issued_at: at(0), expires_at: at(60) }
}

fn present(id: &str) -> Presented {
    Presented { session: SessionId::stored(id), generation: 0, client: ClientInfo::default() }
}
