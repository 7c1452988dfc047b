//! What must have one winner: two `Auth` on one database, everybody at one barrier, fifty rounds.

mod credential;
mod outbox;
mod restore;
mod session;
mod signup;

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use auth_core::account::{Login, UserId};
use auth_core::actions::{Credentials, SignUp};
use auth_core::mail::MemoryMailer;
use auth_core::password::{Argon2Params, HashingSettings, Password};
use auth_core::testing::TestClock;
use auth_core::throttle::{AtMost, Limits};
use auth_core::{Auth, AuthError, ClientInfo};
use auth_tests::{Database, StoreKind, settings};
use tokio::sync::Barrier;

const ROUNDS: usize = 50;
const CONTENDERS: usize = 16;

/// Limits that count everything and put off nobody: these races are about something else.
fn roomy() -> Limits {
    let many = AtMost::new(u32::MAX, Duration::from_hours(1));
    let mut limits = Limits::default();
    (limits.client, limits.signup, limits.mail_client, limits.mail_address, limits.mail) =
        (many, many, many, many, many);
    (limits.login.free, limits.login_and_client.free) = (u32::MAX, u32::MAX);
    limits.mail_pause = Duration::ZERO;
    limits
}

/// Two instances of a server on one database.
struct Arena {
    store: StoreKind,
    auths: [Auth; 2],
    mailer: MemoryMailer,
    /// The file goes with it.
    _database: Database,
}

impl Arena {
    async fn all() -> Vec<Self> {
        let mut arenas = Vec::new();
        for store in StoreKind::found() {
            arenas.push(Self::open(store).await);
        }
        arenas
    }

    async fn open(store: StoreKind) -> Self {
        let (database, mailer, clock) = (Database::new(store), MemoryMailer::new(), TestClock::default());
        let instance = async |memory| {
            let params = Argon2Params::danger_weak(memory, 1, 1).unwrap();
            let hashing = HashingSettings { places: NonZeroUsize::new(1_000), params, ..HashingSettings::default() };
            Auth::builder(settings().hashing(hashing).limits(roomy()), database.open().await)
                .clock(clock.clone())
                .mailer(mailer.clone())
                .background_worker(false)
                .build()
                .unwrap()
        };
        // The second hashes otherwise, so that it upgrades what the first one wrote.
        let auths = [instance(8).await, instance(16).await];
        Self { store, auths, mailer, _database: database }
    }

    /// The instance of one contender.
    fn auth(&self, number: usize) -> Auth {
        self.auths[number % 2].clone()
    }

    async fn join(&self, name: &str, password: &str) -> UserId {
        let request =
            if name.contains('@') { SignUp::with_email(name, password) } else { SignUp::with_username(name, password) };
        let _ = self.auth(0).signup(request, &nobody()).await.unwrap();
        let login = Login::parse(name).unwrap();
        self.auth(1).stores().users.by_login(&login).await.unwrap().unwrap().id
    }

    async fn opens(&self, name: &str, password: &str) -> bool {
        signin(&self.auth(1), name, password).await.is_ok()
    }

    /// Asks for a link at one instance, which also sends it.
    async fn link(&self, number: usize, email: &str) -> String {
        self.auth(number).request_restore(email, &nobody()).await.unwrap();
        let _ = self.auth(number).deliver_mail().await.unwrap();
        self.links(email).pop().unwrap()
    }

    /// The restoring tokens that were mailed to an address, the oldest first.
    fn links(&self, email: &str) -> Vec<String> {
        let sent = self.mailer.sent();
        let texts = sent.iter().filter(|mail| mail.to().as_str() == email).map(auth_core::mail::Mail::expose_text);
        let words = texts.flat_map(str::split_whitespace);
        words.filter_map(|word| word.split_once("restoring=")).map(|(_, token)| token.to_owned()).collect()
    }

    /// One line for each race.
    #[expect(clippy::print_stdout, reason = "how a race went")]
    fn report(&self, race: &str, counts: &[(&str, usize)]) {
        let mut line = format!("race {race} on {}: rounds {ROUNDS}", self.store.as_str());
        for (what, count) in counts {
            let _ = write!(line, ", {what} {count}");
        }
        println!("{line}");
    }
}

/// Starts all contenders at one moment, each in a task of its own.
async fn contend<T, F>(contenders: usize, run: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(contenders));
    let start = |number| {
        let (barrier, contender) = (barrier.clone(), run(number));
        tokio::spawn(async move {
            barrier.wait().await;
            contender.await
        })
    };
    let tasks: Vec<_> = (0..contenders).map(start).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

fn nobody() -> ClientInfo {
    ClientInfo::default()
}

async fn signin(auth: &Auth, name: &str, password: &str) -> Result<String, AuthError> {
    let signed_in = auth.signin(Credentials::new(name, password), &nobody()).await?;
    Ok(signed_in.token.expose().to_owned())
}

async fn refresh(auth: &Auth, token: &str) -> Result<String, AuthError> {
    Ok(auth.refresh(token, &nobody()).await?.token.expose().to_owned())
}

/// The token opens nothing any more: not for `/get_user`, not for an extractor, not for `/refresh`.
async fn assert_dead(arena: &Arena, token: &str) {
    for auth in &arena.auths {
        let revoked = |error: AuthError| assert!(matches!(error, AuthError::TokenRevoked(_)), "{error}");
        revoked(auth.get_user(token, &nobody()).await.unwrap_err());
        revoked(auth.authenticate(token, &nobody()).await.unwrap_err());
        revoked(auth.refresh(token, &nobody()).await.unwrap_err());
    }
}

fn password(text: impl Into<String>) -> Password {
    Password::new(text)
}
