use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use auth_core::account::Login;
use auth_core::actions::{Credentials, SignUp};
use auth_core::{Auth, AuthError, ClientInfo};
use auth_tests::{Answer, Client, Database, NEW_PW, PW, Transport, World, settings};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use super::row_on;

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

/// More requests than a megabyte has room for.
const MANY: usize = 2_000;

/// Asks again and again, as somebody else each time: what the log of the database still has room for
/// goes in. The first refusal, and how many were not refused.
async fn until_refused(ask: impl AsyncFn(usize) -> Answer) -> (Answer, usize) {
    for number in 0..MANY {
        let answer = ask(number).await;
        if answer.status() != 200 {
            answer.is(503, "unavailable");
            return (answer, number);
        }
    }
    panic!("the disk is not full");
}

/// Somebody at an address of their own, so that no limit decides.
fn from(world: &World, number: usize) -> Client {
    world.client().at(format!("2001:db8:0:{number:x}::1"))
}

/// What each client was told, in turn, while the disk was full.
async fn meets_a_full_disk(transport: Transport, disk: &Disk) -> Vec<Answer> {
    let folder = Arc::new(tempfile::tempdir_in(disk.path()).unwrap());
    let world = World::on(Database::Sqlite(folder.clone()), transport, settings().trusted_proxies(1)).await;
    let mut ann = from(&world, 9_000);
    ann.joins_with_email("ann@example.org", PW).await;
    let link = ann.gets_a_link("ann@example.org").await;
    disk.fill();

    let newcomer = |number| format!("person{number}");
    let (signed_up, made) =
        until_refused(async |number| from(&world, number).signup_username(&newcomer(number), PW).await).await;
    let asks = async |number| from(&world, number).asks_to_restore(&format!("nobody{number}@example.org")).await;
    let (requested, _) = until_refused(asks).await;
    let tries = async |number| {
        let answer = from(&world, number).signin("nobody", PW).await;
        // A wrong guess, judged, is as good as accepted here: its attempt was written.
        if answer.status() == 401 { ann.validation().await } else { answer }
    };
    let (guessed, _) = until_refused(tries).await;
    let refused = [
        signed_up,
        requested,
        guessed,
        from(&world, 9_001).signin("ann@example.org", PW).await,
        ann.clone().refresh().await,
        ann.restores(&link, NEW_PW).await,
        ann.signout().await,
    ];
    for answer in &refused {
        answer.is(503, "unavailable");
    }
    let read = [ann.validation().await, ann.get_user().await, ann.visits("/me").await, ann.visits("/club").await];
    read.iter().for_each(Answer::is_ok);

    disk.free();
    let accounts = "SELECT CAST(count(*) AS TEXT) FROM auth_users WHERE password LIKE '$argon2id$%'";
    assert_eq!(
        asked(folder.path(), accounts).await,
        (made + 1).to_string(),
        "those that were acknowledged, and no other"
    );
    is_sound_and_everything_works(&world, folder.path(), &mut ann, &link, &newcomer(made)).await;
    let seen = format!(
        "sign-up, sign-in, refresh, both steps of restore, sign-out: {} of {0} 503; /validation, /get_user, two pages \
         behind guards: {} of {1} 200; then all 200 without a restart",
        refused.len(),
        read.len(),
    );
    let kept = format!("integrity_check ok, {} of {0} accounts with hash, session and link of before good", made + 1);
    row_on(transport, "the disk is full", "SQLite", &seen, &kept);
    refused.into_iter().chain(read.into_iter().take(1)).collect()
}

/// What was acknowledged before and meanwhile is there; what was refused succeeds now.
async fn is_sound_and_everything_works(world: &World, folder: &Path, ann: &mut Client, link: &str, refused: &str) {
    assert_eq!(asked(folder, "PRAGMA integrity_check").await, "ok");
    let without_hash = "SELECT CAST(count(*) AS TEXT) FROM auth_users WHERE password NOT LIKE '$argon2id$%'";
    assert_eq!(asked(folder, without_hash).await, "0");
    ann.refresh().await.is_ok();
    from(world, 9_002).signup_username(refused, PW).await.is_ok();
    from(world, 9_002).signin(refused, PW).await.is_ok();
    if refused != "person0" {
        from(world, 9_003).signin("person0", PW).await.is_ok();
    }
    ann.restores(link, NEW_PW).await.is_ok();
    ann.get_user().await.is(401, "token_revoked");
    ann.signin("ann@example.org", NEW_PW).await.is_ok();
    ann.signout().await.is_ok();
}

#[tokio::test]
async fn over_http_a_full_disk_is_503_to_writers_and_both_adapters_say_it_in_the_same_bytes() {
    let mut told = Vec::new();
    for transport in Transport::HTTP {
        let Some(disk) = Disk::mount() else { return };
        told.push(meets_a_full_disk(transport, &disk).await);
    }
    assert_eq!(told[0], told[1]);
}
