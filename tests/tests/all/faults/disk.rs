use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use auth_core::account::Login;
use auth_core::actions::{Credentials, SignUp};
use auth_core::{Auth, AuthError, ClientInfo};
use auth_tests::{Database, PW, settings};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

/// A file system of one megabyte.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None`, and said so, where this process may not mount one.
    #[expect(clippy::print_stdout, reason = "a test that was not run must say so")]
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1M", "tmpfs"]).arg(folder.path()).output();
        if mount.is_ok_and(|mount| mount.status.success()) {
            return Some(Self(folder));
        }
        println!("not run: only root may mount a small disk");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes until nothing more goes in.
    fn fill(&self) {
        let mut size = 64 * 1024;
        for number in 0.. {
            if fs::write(self.path().join(format!("filler-{number}")), vec![1; size]).is_err() {
                size /= 2;
            }
            if size == 0 {
                return;
            }
        }
    }

    fn free(&self) {
        for entry in fs::read_dir(self.path()).unwrap().map(Result::unwrap) {
            if entry.file_name().to_str().unwrap().starts_with("filler") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It may be busy until the last connection is closed; a lazy unmount waits for that.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

async fn signs_up(auth: &Auth, name: &str) -> Result<(), AuthError> {
    auth.signup(SignUp::with_username(name, PW), &ClientInfo::default()).await.map(drop)
}

async fn signs_in(auth: &Auth, name: &str) -> Result<String, AuthError> {
    let credentials = Credentials::new(name, PW);
    auth.signin(credentials, &ClientInfo::default()).await.map(|signed_in| signed_in.token.expose().to_owned())
}

async fn asked(folder: &Path, sql: &'static str) -> String {
    let mut database = SqliteConnectOptions::new().filename(folder.join("auth.db")).connect().await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&mut database).await.unwrap()
}

#[tokio::test]
async fn a_full_disk_is_unavailable_to_writers_alone_and_ruins_nothing() {
    let Some(disk) = Disk::mount() else { return };
    let folder = Arc::new(tempfile::tempdir_in(disk.path()).unwrap());
    let database = Database::Sqlite(folder.clone());
    let auth = Auth::builder(settings(), database.open().await).background_worker(false).build().unwrap();
    signs_up(&auth, "ann").await.unwrap();
    let token = signs_in(&auth, "ann").await.unwrap();
    disk.fill();

    // What the log of the database has room for still goes in.
    let mut refused = Vec::new();
    for number in 0..2_000 {
        if let Err(error) = signs_up(&auth, &format!("person{number}")).await {
            assert!(matches!(error, AuthError::Unavailable(_)), "{error:?}");
            refused.push(format!("person{number}"));
        }
        if refused.len() == 3 {
            break;
        }
    }
    assert_eq!(refused.len(), 3, "the disk is full");
    assert!(auth.get_user(&token, &ClientInfo::default()).await.is_ok(), "what only reads goes on");
    assert!(matches!(signs_in(&auth, "ann").await, Err(AuthError::Unavailable(_))));

    disk.free();
    assert_eq!(asked(folder.path(), "PRAGMA integrity_check").await, "ok");
    let without_hash = "SELECT CAST(count(*) AS TEXT) FROM auth_users WHERE password NOT LIKE '$argon2id$%'";
    assert_eq!(asked(folder.path(), without_hash).await, "0");
    signs_in(&auth, "ann").await.unwrap();
    for name in refused {
        let login = Login::parse(&name).unwrap();
        assert!(auth.stores().users.by_login(&login).await.unwrap().is_none(), "half an account");
        signs_up(&auth, &name).await.unwrap();
        signs_in(&auth, &name).await.unwrap();
    }
}
