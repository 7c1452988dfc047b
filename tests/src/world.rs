use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use auth_core::account::{Login, User};
use auth_core::mail::MemoryMailer;
use auth_core::password::Argon2Params;
use auth_core::restore::EncryptKey;
use auth_core::testing::{SeededRandom, TestClock};
use auth_core::token::KeyMaterial;
use auth_core::{Auth, AuthBuilder, Clock as _, Random, RandomError, Settings};
use tracing::dispatcher::DefaultGuard;

use crate::answer::Answer;
use crate::client::Client;
use crate::database::Database;
use crate::letter::Letter;
use crate::log::Log;
use crate::request::Request;
use crate::rig::{Rig, Rigged};
use crate::secrets::{self, ENCRYPT_KEY, JWT_SECRET, Search};
use crate::transcript::Transcript;
use crate::transport::{Door, Mounted, Transport};
use crate::{NEW_PW, PW};

/// One server on one store, at 22:13:20 on 14 November 2023 until it is moved. Clones are the same
/// world.
#[derive(Clone)]
pub struct World(Rc<Inner>);

struct Inner {
    clock: TestClock,
    random: Entropy,
    mailer: MemoryMailer,
    rig: Rig,
    database: Database,
    transport: Transport,
    mounted: Mounted,
    hooks: Hooks,
    served: RefCell<Option<Rc<Served>>>,
    read: Cell<usize>,
    transcript: RefCell<Transcript>,
    log: Log,
    events: Log,
    _logging: DefaultGuard,
}

struct Served {
    auth: Auth,
    door: Door,
}

/// What a host sets beside the settings.
pub(crate) type Hooks = Rc<dyn Fn(AuthBuilder) -> AuthBuilder>;

/// Complete settings whose hashes cost nothing.
#[must_use]
pub fn settings() -> Settings {
    let secret = KeyMaterial::secret(JWT_SECRET);
    Settings::new(secret, EncryptKey::from_bytes(ENCRYPT_KEY), "https://app.example.org/restore")
        .argon2(Argon2Params::danger_weak(8, 1, 1).expect("weak parameters"))
        .service_name("Notes")
        .from_email("Notes <notes@example.org>")
}

impl World {
    /// Without a server yet.
    pub(crate) fn build(
        database: Database,
        transport: Transport,
        mounted: Mounted,
        hooks: Hooks,
        random: SeededRandom,
    ) -> Self {
        let log = Log::default();
        secrets::listen_to_panics();
        Self(Rc::new(Inner {
            _logging: tracing::dispatcher::set_default(&log.dispatch()),
            log,
            events: Log::default(),
            hooks,
            clock: TestClock::default(),
            random: Entropy { seeded: random, fails: Arc::default() },
            mailer: MemoryMailer::new(),
            rig: Rig::default(),
            database,
            transport,
            mounted,
            served: RefCell::default(),
            read: Cell::default(),
            transcript: RefCell::default(),
        }))
    }

    /// A server of its own on a store, beside the table of cases.
    pub async fn on(database: Database, transport: Transport, settings: Settings) -> Self {
        // Others may have been on it before.
        static SEED: AtomicU64 = AtomicU64::new(0);
        let random = SeededRandom::new(SEED.fetch_add(1, Ordering::SeqCst));
        let world = Self::build(database, transport, Mounted::at("/auth"), Rc::new(|builder| builder), random);
        world.serve(settings).await;
        world
    }

    /// Ends the server and starts another one on the same store, with these settings.
    pub async fn restart(&self, settings: Settings) {
        self.tell("restart\n".to_owned());
        self.serve(settings).await;
    }

    pub(crate) async fn serve(&self, settings: Settings) {
        self.0.served.replace(None);
        let stores = Rigged::new(self.0.database.open().await, self.0.rig.clone());
        let events = self.0.events.clone();
        let auth = (self.0.hooks)(Auth::builder(settings, stores).events(events))
            .clock(self.0.clock.clone())
            .random(self.0.random.clone())
            .mailer(self.0.mailer.clone())
            .background_worker(false)
            .build()
            .expect("settings without a fault");
        let door = Door::open(self.0.transport, &auth, self.0.mounted, &self.0.log);
        self.0.served.replace(Some(Rc::new(Served { auth, door })));
    }

    fn served(&self) -> Rc<Served> {
        self.0.served.borrow().clone().expect("a server")
    }

    /// Somebody with a connection.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.clone())
    }

    /// The library behind the server.
    #[must_use]
    pub fn auth(&self) -> Auth {
        self.served().auth.clone()
    }

    /// What can be done to the store.
    #[must_use]
    pub fn store(&self) -> &Rig {
        &self.0.rig
    }

    /// How requests reach this world.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.0.transport
    }

    /// The path of a route where it is mounted.
    #[must_use]
    pub fn path(&self, route: &str) -> String {
        self.0.mounted.path() + route
    }

    /// The account as it is stored.
    pub async fn user(&self, name: &str) -> User {
        let login = Login::parse(name).expect("a name");
        let found = self.auth().stores().users.by_login(&login).await.expect("a store that answers");
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// Lets time go by.
    pub fn wait(&self, time: Duration) {
        self.tell(format!("{} seconds later\n", time.as_secs_f64()));
        self.0.clock.advance(time);
    }

    /// Sets the clock back.
    pub fn goes_back(&self, time: Duration) {
        self.tell(format!("{} seconds earlier\n", time.as_secs_f64()));
        self.0.clock.set(self.0.clock.now().minus(time));
    }

    /// Whether the random source has nothing to give from now on.
    pub fn randomness_fails(&self, fails: bool) {
        self.tell(format!("randomness {}\n", if fails { "fails" } else { "is back" }));
        self.0.random.fails.store(fails, Ordering::SeqCst);
    }

    /// Sends what waits in the outbox; the mails that came since the last time, by recipient.
    pub async fn mails(&self) -> Vec<Letter> {
        let _ = self.auth().deliver_mail().await.expect("an outbox that answers");
        let sent = self.0.mailer.sent();
        let mut new: Vec<_> = sent.into_iter().skip(self.0.read.get()).map(Letter::new).collect();
        // Several mails of one pass are sent at the same time.
        new.sort_by(|one, other| one.to().cmp(other.to()));
        self.0.read.set(self.0.read.get() + new.len());
        match new.as_slice() {
            [] => self.tell("no mail\n".to_owned()),
            new => new.iter().for_each(|letter| self.tell(letter.told())),
        }
        new
    }

    /// The one mail that came since the last time.
    pub async fn mail(&self) -> Letter {
        let mut new = self.mails().await;
        assert_eq!(new.len(), 1, "{new:?}");
        new.remove(0)
    }

    /// Notes in the transcript what happened beside the wire.
    pub fn tell(&self, entry: String) {
        self.0.transcript.borrow_mut().add(entry);
    }

    pub(crate) async fn send(&self, request: &Request) -> Answer {
        let answer = self.send_untold(request).await;
        self.tell(format!("{}\n{}", request.told(), answer.told()));
        answer
    }

    /// Sends what there is too much of for the transcript.
    pub(crate) async fn send_untold(&self, request: &Request) -> Answer {
        let answer = self.served().door.send(request).await;
        self.0.transcript.borrow_mut().heard(request.body.bytes(), answer.told());
        answer
    }

    /// Somebody sends this and is gone before the answer.
    pub async fn hangs_up(&self, request: &Request) {
        self.served().door.hang_up(request).await;
    }

    /// What the server has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.0.log.text()
    }

    /// No token, password or key is where none may be.
    pub(crate) fn keeps_secrets(&self, here: &str) {
        let transcript = self.0.transcript.borrow();
        let mut everywhere = Search::new();
        everywhere.secrets([PW, NEW_PW]);
        everywhere.secrets(transcript.passwords());
        everywhere.secrets(transcript.tokens());
        everywhere.place("the log", self.log());
        everywhere.place("the events", self.0.events.text());
        everywhere.place("the panics", secrets::panics());
        for (name, content) in self.0.database.files() {
            everywhere.place(name, content);
        }
        everywhere.finds_nothing(here);

        // An answer may hold the access token that it gives.
        let mut answers = Search::new();
        answers.secrets([PW, NEW_PW]);
        answers.secrets(transcript.passwords());
        answers.secrets(transcript.restoring_tokens());
        for answer in transcript.answers() {
            answers.place("an answer", answer);
        }
        answers.finds_nothing(here);
    }

    pub(crate) fn transcript(&self) -> String {
        self.0.transcript.borrow().finish()
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("World").field(&self.0.transport).finish()
    }
}

/// Randomness that repeats, and that can fail.
#[derive(Clone)]
struct Entropy {
    seeded: SeededRandom,
    fails: Arc<AtomicBool>,
}

impl Random for Entropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(RandomError::new("no entropy"));
        }
        self.seeded.fill(bytes)
    }
}

/// A host's own user: whoever is called Mallory is none.
#[derive(Debug, Clone)]
pub(crate) struct Member(pub(crate) String);

impl TryFrom<User> for Member {
    type Error = &'static str;

    fn try_from(user: User) -> Result<Self, Self::Error> {
        let name = user.username.to_string();
        if name == "mallory" { Err("Mallory is no member") } else { Ok(Self(format!("member {name}"))) }
    }
}
