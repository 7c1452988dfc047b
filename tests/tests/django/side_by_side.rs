//! A real Django project and ours on one table at the same time.

use std::net::Ipv4Addr;
use std::num::NonZeroUsize;
use std::sync::Arc;

use auth_core::actions::{Credentials, SignUp};
use auth_core::config::Profile;
use auth_core::mail::MemoryMailer;
use auth_core::password::{Argon2Params, ForeignHash, HashFormat, HashingSettings, Password, Pbkdf2Iterations};
use auth_core::store::UserStore as _;
use auth_core::{Auth, AuthError, ClientInfo};
use auth_sqlx::DjangoStore;
use auth_tests::services::Service;
use serde_json::json;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::minted;
use super::project::{PASSWORD, Project};
use super::python::{ITERATIONS, Python};

const MANY: usize = 100;

/// Both services on one table. Our clock is the machine's, as theirs is.
struct Pair {
    python: Python,
    auth: Auth,
    store: DjangoStore,
    project: Project,
}

impl Pair {
    async fn on(project: Project) -> Option<Self> {
        let python = Python::start(&project.url()).await?;
        let ours = Self::ours(&project).await;
        Some(Self { python, store: ours.0, auth: ours.1, project })
    }

    async fn ours(project: &Project) -> (DjangoStore, Auth) {
        let store = project.open().await;
        let params = Argon2Params::danger_weak(8, 1, 1).unwrap();
        let hashing = HashingSettings { places: NonZeroUsize::new(1_000), params, ..HashingSettings::default() };
        let settings = minted::settings()
            .profile(Profile::Django)
            .hashing(hashing)
            .foreign_hashes(ForeignHash::DJANGO)
            .hash_format(HashFormat::DjangoPbkdf2Sha256(Pbkdf2Iterations::danger_weak(ITERATIONS).unwrap()))
            .failed_signin_step(std::time::Duration::from_millis(1));
        let auth = Auth::builder(settings, store.clone())
            .mailer(MemoryMailer::new())
            .background_worker(false)
            .build()
            .unwrap();
        (store, auth)
    }

    async fn token(&self, name: &str, password: &str) -> Option<String> {
        let signed_in = self.auth.signin(Credentials::new(name, password), &client(0)).await;
        match signed_in {
            Ok(signed_in) => Some(signed_in.token.expose().to_owned()),
            Err(AuthError::Credentials(_)) => None,
            Err(error) => panic!("{error:?}"),
        }
    }

    async fn is_alive(&self, token: &str) -> bool {
        self.auth.get_user(token, &client(0)).await.is_ok()
    }

    /// Changes a password at ours; whether it was still the one that was read.
    async fn change(&self, name: &str, old: &str, new: &str, number: usize) -> bool {
        let signed_in = self.auth.signin(Credentials::new(name, old), &client(number)).await;
        let token = match signed_in {
            Ok(signed_in) => signed_in.token,
            Err(AuthError::Credentials(_)) => return false,
            Err(error) => panic!("{error:?}"),
        };
        let (old, new) = (Password::new(old), Password::new(new));
        match self.auth.change_password(token.expose(), old, new, &client(number)).await {
            Ok(_) => true,
            Err(AuthError::Credentials(_) | AuthError::TokenRevoked(_)) => false,
            Err(error) => panic!("{error:?}"),
        }
    }

    /// The same at theirs.
    async fn change_there(&self, name: &str, old: &str, new: &str) -> bool {
        self.python.agrees(json!({ "do": "change_if", "name": name, "old": old, "new": new })).await
    }

    /// Which services take this password: ours, theirs.
    async fn takes(&self, name: &str, password: &str) -> (bool, bool) {
        let theirs = self.python.agrees(json!({ "do": "check", "name": name, "password": password })).await;
        (self.token(name, password).await.is_some(), theirs)
    }

    async fn create_there(&self, name: &str, password: &str) {
        let email = format!("{}@example.org", name.replace(' ', "."));
        self.python.asks(json!({ "do": "create", "name": name, "email": email, "password": password })).await;
    }

    async fn create_here(&self, name: &str, password: &str) {
        let mut request = SignUp::with_username(name, password);
        request.email = Some(format!("{}@example.org", name.replace(' ', ".")));
        let _ = self.auth.signup(request, &client(0)).await.unwrap();
    }
}

/// Somebody with an address of their own, so that nobody waits for a share of the pool.
fn client(number: usize) -> ClientInfo {
    let [.., high, low] = number.to_be_bytes();
    ClientInfo::new(Some(Ipv4Addr::new(10, 0, high, low).into()), None)
}

/// Everybody whom Django made signs in here, in whatever format it has the hash.
async fn who_is_made_there_signs_in_here(pair: &Pair) {
    for hasher in ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "bcrypt", "scrypt"] {
        let name = format!("by {hasher}");
        let email = format!("{hasher}@example.org");
        let create = json!({ "do": "create", "name": name, "email": email, "password": PASSWORD, "hasher": hasher });
        pair.python.asks(create).await;
        let hash = pair.project.column(&name, "password").await;
        assert!(pair.token(&name, PASSWORD).await.is_some(), "{hasher}");
        assert_eq!(pair.token(&name, "not the password").await, None, "{hasher}");
        assert_eq!(pair.project.column(&name, "password").await, hash, "{hasher}: a hash that Django may not read");
    }
    let usual = json!({ "do": "create", "name": "usual", "email": "", "password": PASSWORD,
        "hasher": "pbkdf2_sha256", "iterations": 600_000 });
    pair.python.asks(usual).await;
    assert!(pair.token("usual", PASSWORD).await.is_some());
    let unusable = json!({ "do": "create", "name": "unusable", "email": "", "password": null });
    pair.python.asks(unusable).await;
    assert_eq!(pair.token("unusable", "!").await, None);
}

/// Who signed up here signs in there and, when made a superuser, in its admin.
async fn who_signs_up_here_signs_in_there(pair: &Pair) {
    pair.create_here("new here", PASSWORD).await;
    let row = pair.python.asks(json!({ "do": "row", "name": "new here" })).await;
    assert_eq!((&row["email"], &row["is_active"]), (&json!("new.here@example.org"), &json!(true)));
    assert_eq!(
        (&row["is_staff"], &row["is_superuser"], &row["last_login"]),
        (&json!(false), &json!(false), &json!("None"))
    );
    let hash = row["password"].as_str().unwrap().to_owned();
    assert_eq!(pair.takes("new here", PASSWORD).await, (true, true));
    assert_eq!(pair.takes("new here", "not the password").await, (false, false));
    pair.project.run("UPDATE accounts_user SET is_staff = TRUE, is_superuser = TRUE WHERE username = 'new here'").await;
    assert!(pair.python.agrees(json!({ "do": "admin", "name": "new here", "password": PASSWORD })).await);
    assert_eq!(pair.project.column("new here", "password").await, Some(hash), "Django has written another hash");
}

/// A token of `PyJWT` is good here, and one of ours is good to `PyJWT`.
async fn tokens_pass_both_ways(pair: &Pair) {
    let id = pair.store.by_login(&auth_core::account::Login::parse("new here").unwrap()).await.unwrap().unwrap().id;
    let theirs = pair.python.asks(json!({ "do": "token", "name": "new here", "password": PASSWORD })).await;
    let theirs = theirs.as_str().unwrap();
    assert_eq!(pair.auth.get_user(theirs, &client(0)).await.unwrap().id, id);
    let refreshed = pair.auth.refresh(theirs, &client(0)).await.unwrap().token;
    for ours in [pair.token("new here", PASSWORD).await.unwrap(), refreshed.expose().to_owned()] {
        let owner = pair.python.asks(json!({ "do": "owner", "token": ours })).await;
        assert_eq!(owner["userid"], json!(id.as_str()), "{owner}");
    }
}

/// Whoever writes the password over there, our sessions end.
async fn a_password_that_is_by_django_ends_sessions_here(pair: &Pair) {
    pair.create_there("ends", PASSWORD).await;
    let by_code = pair.token("ends", PASSWORD).await.unwrap();
    assert!(pair.is_alive(&by_code).await);
    pair.python.asks(json!({ "do": "change", "name": "ends", "password": "changed by code" })).await;
    assert!(!pair.is_alive(&by_code).await);
    let by_admin = pair.token("ends", "changed by code").await.unwrap();
    let change = json!({ "do": "admin_change", "name": "new here", "password": PASSWORD, "of": "ends",
        "new": "changed by the admin" });
    assert!(pair.python.agrees(change).await);
    assert!(!pair.is_alive(&by_admin).await);
    assert_eq!(pair.takes("ends", "changed by the admin").await, (true, true));
    assert_eq!(pair.takes("ends", "changed by code").await, (false, false));
    let deleted = pair.token("ends", "changed by the admin").await.unwrap();
    pair.python.asks(json!({ "do": "delete", "name": "ends" })).await;
    assert!(!pair.is_alive(&deleted).await);
}

/// Ours is stopped, the Python side goes on, and ours comes back.
async fn one_can_go_back_and_return(pair: &Pair) {
    pair.create_here("stays", PASSWORD).await;
    assert!(pair.change("stays", PASSWORD, "changed here", 0).await);
    let session = pair.token("stays", "changed here").await.unwrap();
    assert!(pair.python.agrees(json!({ "do": "check", "name": "stays", "password": "changed here" })).await);
    pair.create_there("meanwhile", PASSWORD).await;
    let (_, again) = Pair::ours(&pair.project).await;
    assert!(again.get_user(&session, &client(0)).await.is_ok(), "a restart signed somebody out");
    assert!(again.signin(Credentials::new("meanwhile", PASSWORD), &client(0)).await.is_ok());
}

/// What both can show wherever Django runs.
async fn share_one_table(pair: &Pair) {
    who_is_made_there_signs_in_here(pair).await;
    who_signs_up_here_signs_in_there(pair).await;
    tokens_pass_both_ways(pair).await;
    a_password_that_is_by_django_ends_sessions_here(pair).await;
    one_can_go_back_and_return(pair).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_django_project_and_ours_share_one_table_on_sqlite() {
    let Some(pair) = Pair::on(Project::empty_file()).await else { return };
    share_one_table(&pair).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_django_project_and_ours_share_one_table_on_postgresql() {
    let Some(pair) = on_postgres().await else { return };
    share_one_table(&pair).await;
}

async fn on_postgres() -> Option<Pair> {
    if !Service::Postgres.is_found_or_say_so() {
        return None;
    }
    Pair::on(Project::empty_on(Service::Postgres)).await
}

#[expect(clippy::print_stdout, reason = "the figures of the run")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_users_change_their_password_on_either_side_in_turn() {
    let Some(pair) = on_postgres().await else { return };
    let (pair, mut users) = (Arc::new(pair), JoinSet::new());
    for number in 0..MANY {
        let pair = pair.clone();
        users.spawn(async move { changes_in_turn(&pair, number).await });
    }
    let changes: usize = users.join_all().await.into_iter().sum();
    assert_eq!(changes, 4 * MANY);
    println!("side by side, in turn: {MANY} users at once, {changes} changes, 0 lost, 0 old passwords good");
}

/// Two changes on either side; how many there were.
async fn changes_in_turn(pair: &Pair, number: usize) -> usize {
    let name = format!("turn {number}");
    let password = |change: usize| format!("{name}, password {change}");
    pair.create_there(&name, &password(0)).await;
    let mut changes = 0;
    for change in 0..4 {
        let (old, new) = (password(change), password(change + 1));
        let session = pair.token(&name, &old).await.unwrap();
        let happened = if change % 2 == 0 {
            pair.change(&name, &old, &new, number).await
        } else {
            pair.change_there(&name, &old, &new).await
        };
        assert!(happened, "{name}: change {change} was lost");
        assert_eq!(pair.takes(&name, &new).await, (true, true), "{name}: change {change}");
        assert_eq!(pair.takes(&name, &old).await, (false, false), "{name}: change {change}");
        assert!(!pair.is_alive(&session).await, "{name}: a session outlived change {change}");
        changes += 1;
    }
    changes
}

#[expect(clippy::print_stdout, reason = "the figures of the run")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_changes_at_once_on_either_side_one_happens() {
    let Some(pair) = on_postgres().await else { return };
    let pair = Arc::new(pair);
    let (mut password, mut ours, mut theirs) = (PASSWORD.to_owned(), 0, 0);
    pair.create_there("contended", &password).await;
    for round in 0..MANY {
        let (here, there) = (format!("changed here in round {round}"), format!("changed there in round {round}"));
        let barrier = Arc::new(Barrier::new(2));
        let at_ours = tokio::spawn({
            let (pair, barrier, old, new) = (pair.clone(), barrier.clone(), password.clone(), here.clone());
            async move {
                barrier.wait().await;
                pair.change("contended", &old, &new, round).await
            }
        });
        barrier.wait().await;
        let by_django = pair.change_there("contended", &password, &there).await;
        let by_us = at_ours.await.unwrap();
        assert_ne!(by_us, by_django, "round {round}: not exactly one change");
        let (kept, other) = if by_us { (here, there) } else { (there, here) };
        assert_eq!(pair.takes("contended", &kept).await, (true, true), "round {round}: a change was lost");
        for old in [&other, &password] {
            assert_eq!(pair.takes("contended", old).await, (false, false), "round {round}: an old password is good");
        }
        ours += usize::from(by_us);
        theirs += usize::from(by_django);
        password = kept;
    }
    println!(
        "side by side, at once: {MANY} rounds of 2, won here {ours}, there {theirs}, lost 0, old passwords good 0"
    );
}
