use std::time::Duration;

use auth_core::account::{CanonicalEmail, Login, User};
use auth_core::actions::{Credentials, SignUp, SignedIn};
use auth_core::config::{Profile, SignupIdentity};
use auth_core::mail::MemoryMailer;
use auth_core::store::UserStore as _;
use auth_core::testing::TestClock;
use auth_core::{Auth, AuthError, ClientInfo, Settings, Timestamp};
use auth_sqlx::{ConnectError, DjangoStore, SqlStore};
use auth_tests::services::Service;
use auth_tests::{Scratch, settings};
use tempfile::TempDir;

use super::connection::Connection;
use super::minted;

pub(crate) const TABLE: &str = "accounts_user";

/// The tables as Django 4.2 makes them: with keys of 32 bits on PostgreSQL, as it did before 3.2.
const SQLITE: &str = r#"CREATE TABLE "accounts_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL,
    "username" varchar(150) NOT NULL UNIQUE, "first_name" varchar(150) NOT NULL, "last_name" varchar(150) NOT NULL,
    "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL,
    "date_joined" datetime NOT NULL, "restoring_token" varchar(145) NULL)"#;
const POSTGRES: &str = r#"CREATE TABLE "accounts_user" ("id" serial NOT NULL PRIMARY KEY,
    "password" varchar(128) NOT NULL, "last_login" timestamp with time zone NULL, "is_superuser" boolean NOT NULL,
    "username" varchar(150) NOT NULL UNIQUE, "first_name" varchar(150) NOT NULL, "last_name" varchar(150) NOT NULL,
    "email" varchar(254) NOT NULL, "is_staff" boolean NOT NULL, "is_active" boolean NOT NULL,
    "date_joined" timestamp with time zone NOT NULL, "restoring_token" varchar(145) NULL)"#;
const MYSQL: &str = "CREATE TABLE `accounts_user` (`id` bigint AUTO_INCREMENT NOT NULL PRIMARY KEY, \
    `password` varchar(128) NOT NULL, `last_login` datetime(6) NULL, `is_superuser` bool NOT NULL, \
    `username` varchar(150) NOT NULL UNIQUE, `first_name` varchar(150) NOT NULL, `last_name` varchar(150) NOT NULL, \
    `email` varchar(254) NOT NULL, `is_staff` bool NOT NULL, `is_active` bool NOT NULL, \
    `date_joined` datetime(6) NOT NULL, `restoring_token` varchar(145) NULL) \
    CHARACTER SET utf8mb4 COLLATE ";

/// The moment of the takeover.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_800_000_000)
}

/// A database with the user table of a Django project in it, and what Django does there.
pub(crate) struct Project {
    place: Place,
}

enum Place {
    File(TempDir),
    Server(Scratch),
}

impl Project {
    /// One on each database that this machine has; names are compared byte by byte.
    pub(crate) async fn all() -> Vec<Self> {
        let mut projects = vec![Self::on_sqlite().await];
        for server in [Service::Postgres, Service::MariaDb] {
            if server.is_found_or_say_so() {
                projects.push(Self::on(server, "utf8mb4_nopad_bin").await);
            }
        }
        projects
    }

    pub(crate) async fn on_sqlite() -> Self {
        let project = Self::empty_file();
        project.run(SQLITE).await;
        project
    }

    /// A file without tables.
    pub(crate) fn empty_file() -> Self {
        let project = Self { place: Place::File(tempfile::tempdir().unwrap()) };
        std::fs::File::create(project.file()).unwrap();
        project
    }

    /// A place on a server without tables.
    pub(crate) fn empty_on(server: Service) -> Self {
        Self { place: Place::Server(Scratch::new(server)) }
    }

    /// One on a server; where it is MariaDB, with this collation.
    pub(crate) async fn on(server: Service, collation: &str) -> Self {
        let project = Self::empty_on(server);
        let table = if server == Service::MariaDb { format!("{MYSQL}{collation}") } else { POSTGRES.to_owned() };
        project.run(&table).await;
        project
    }

    fn file(&self) -> std::path::PathBuf {
        let Place::File(folder) = &self.place else { return std::path::PathBuf::new() };
        folder.path().join("db.sqlite3")
    }

    pub(crate) fn url(&self) -> String {
        match &self.place {
            Place::File(_) => format!("sqlite://{}", self.file().display()),
            Place::Server(scratch) => scratch.url(),
        }
    }

    /// Runs what Django would run, over a connection of its own.
    pub(crate) async fn run(&self, sql: &str) {
        self.ask(sql).await;
    }

    /// The texts of the first column.
    pub(crate) async fn ask(&self, sql: &str) -> Vec<Option<String>> {
        Connection::open(&self.url()).await.ask(sql).await
    }

    /// A user that Django makes. The texts need no quoting.
    pub(crate) async fn add(&self, name: &str, email: &str, password: &str) {
        self.run(&format!(
            "INSERT INTO accounts_user (password, is_superuser, username, first_name, last_name, email, is_staff, \
             is_active, date_joined) VALUES ('{password}', FALSE, '{name}', 'Ann', '', '{email}', TRUE, TRUE, \
             '2024-01-02 03:04:05.678999{}')",
            if self.url().starts_with("postgres") { "+00" } else { "" }
        ))
        .await;
    }

    /// What a column of a user holds, as text.
    pub(crate) async fn column(&self, name: &str, column: &str) -> Option<String> {
        let text = if self.url().starts_with("mysql") { "CHAR" } else { "TEXT" };
        let sql = format!("SELECT CAST({column} AS {text}) FROM accounts_user WHERE username = '{name}'");
        self.ask(&sql).await.into_iter().next().unwrap()
    }

    pub(crate) async fn try_to_open(&self, table: &str) -> Result<DjangoStore, ConnectError> {
        DjangoStore::open(SqlStore::connect(&self.url()).await?, &table.parse().unwrap(), now()).await
    }

    pub(crate) async fn open(&self) -> DjangoStore {
        self.try_to_open(TABLE).await.unwrap()
    }

    /// A server of ours on it, whose accounts have a name and an address.
    pub(crate) async fn serve(&self) -> Server {
        self.serve_with(settings().without_limits().signup_identity(SignupIdentity::UsernameAndEmail)).await
    }

    /// A server of ours on it in the place of the Python service.
    pub(crate) async fn take_over(&self) -> Server {
        self.serve_with(minted::settings().profile(Profile::Django)).await
    }

    pub(crate) async fn serve_with(&self, settings: Settings) -> Server {
        let store = self.open().await;
        let clock = TestClock::at(now());
        let auth = Auth::builder(settings, store.clone())
            .clock(clock.clone())
            .mailer(MemoryMailer::new())
            .background_worker(false)
            .build()
            .unwrap();
        Server { store, auth, clock }
    }
}

/// Our side.
pub(crate) struct Server {
    pub(crate) store: DjangoStore,
    pub(crate) auth: Auth,
    pub(crate) clock: TestClock,
}

pub(crate) const PASSWORD: &str = "correct horse battery";

impl Server {
    pub(crate) async fn sign_up(&self, name: &str, email: &str) -> Result<(), AuthError> {
        let mut request = SignUp::with_username(name, PASSWORD);
        request.email = Some(email.to_owned());
        self.auth.signup(request, &ClientInfo::default()).await.map(drop)
    }

    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Result<SignedIn, AuthError> {
        self.auth.signin(Credentials::new(name, password), &ClientInfo::default()).await
    }

    /// Who signs in by this name.
    pub(crate) async fn named(&self, name: &str) -> Option<User> {
        self.store.by_login(&Login::parse(name).unwrap()).await.unwrap()
    }

    /// Sets the clock so many days after the takeover.
    pub(crate) fn after_days(&self, days: u64) {
        self.clock.set(now() + Duration::from_secs(days * 24 * 60 * 60));
    }

    /// Who gets the mails to this address.
    pub(crate) async fn mailed(&self, email: &str) -> Option<String> {
        let user = self.store.by_email(&CanonicalEmail::stored(email)).await.unwrap();
        user.map(|user| user.username.as_str().to_owned())
    }
}
