use std::env;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// Set to `1`, it makes the absence of a service a failure, and has the whole table of cases told on
/// each database server.
pub const REQUIRE: &str = "AUTH_TESTS_REQUIRE_SERVICES";

/// Something that cannot be had from a package registry of Rust.
///
/// A test whose service is absent says so and ends; the target `zz_services` of the tests tells
/// once more at the end of the run which ones were missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Service {
    /// An SMTP server: a Python that has the module `aiosmtpd`.
    Smtp,
    /// Chromium and its driver.
    Browser,
    /// The script of axe-core, which judges the accessibility of a page.
    AxeCore,
    /// A server of PostgreSQL, at `AUTH_TESTS_POSTGRES`.
    Postgres,
    /// A server of MariaDB, at `AUTH_TESTS_MYSQL`.
    MariaDb,
    /// A server of Redis, at `AUTH_TESTS_REDIS`.
    Redis,
    /// A Python that has Django 4.2 and what its hashes and tokens need.
    Django,
    /// The programs of PostgreSQL, for a server that a test may stop.
    OwnPostgres,
    /// The same of MariaDB.
    OwnMariaDb,
    /// The same of Redis.
    OwnRedis,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Smtp,
        Self::Browser,
        Self::AxeCore,
        Self::Postgres,
        Self::MariaDb,
        Self::Redis,
        Self::Django,
        Self::OwnPostgres,
        Self::OwnMariaDb,
        Self::OwnRedis,
    ];

    /// What it is called in the output of the tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Smtp => "SMTP server (python3 with aiosmtpd)",
            Self::Browser => example_browser::BROWSER,
            Self::AxeCore => example_browser::AXE_CORE,
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
            Self::Redis => "Redis",
            Self::Django => "Django (target/django-venv)",
            Self::OwnPostgres => "the programs of PostgreSQL (postgres, initdb)",
            Self::OwnMariaDb => "the programs of MariaDB (mariadbd, mariadb-install-db)",
            Self::OwnRedis => "the programs of Redis (redis-server, redis-cli)",
        }
    }

    /// How to get it on Debian.
    #[must_use]
    pub const fn mend(self) -> &'static str {
        match self {
            Self::Smtp => "apt-get install python3-aiosmtpd",
            Self::Browser => "apt-get install chromium chromium-driver",
            Self::AxeCore => ".ci/services.sh fetches it from npm",
            Self::Django => ".ci/services.sh makes it from PyPI",
            Self::Postgres => {
                "apt-get install postgresql, or set AUTH_TESTS_POSTGRES=postgres://user:password@host:port"
            }
            Self::MariaDb => "apt-get install mariadb-server, or set AUTH_TESTS_MYSQL=mysql://user:password@host:port",
            Self::Redis => "apt-get install redis-server, or set AUTH_TESTS_REDIS=redis://:password@host:port",
            Self::OwnPostgres => "apt-get install postgresql",
            Self::OwnMariaDb => "apt-get install mariadb-server",
            Self::OwnRedis => "apt-get install redis-server",
        }
    }

    /// Whether it is there. Looked for once in a process.
    #[must_use]
    pub fn is_found(self) -> bool {
        static SERVERS: [OnceLock<bool>; 3] = [const { OnceLock::new() }; 3];
        let listens = || self.url().is_some_and(|url| listens(&url));
        match self {
            Self::Postgres => *SERVERS[0].get_or_init(listens),
            Self::MariaDb => *SERVERS[1].get_or_init(listens),
            Self::Redis => *SERVERS[2].get_or_init(listens),
            _ => self.program().is_some(),
        }
    }

    /// [`Self::is_found`]; where it is absent, says that the calling test was not run.
    #[must_use]
    pub fn is_found_or_say_so(self) -> bool {
        let found = self.is_found();
        if !found {
            say_not_run(self);
        }
        found
    }

    /// The program to start, if it is one and on this machine. Looked for once in a process.
    #[must_use]
    pub fn program(self) -> Option<&'static Path> {
        static SMTP: OnceLock<Option<PathBuf>> = OnceLock::new();
        static BROWSER: OnceLock<Option<PathBuf>> = OnceLock::new();
        static AXE_CORE: OnceLock<Option<PathBuf>> = OnceLock::new();
        static DJANGO: OnceLock<Option<PathBuf>> = OnceLock::new();
        static OWN: [OnceLock<Option<PathBuf>>; 3] = [const { OnceLock::new() }; 3];
        match self {
            Self::Smtp => SMTP.get_or_init(python_with_aiosmtpd).as_deref(),
            Self::Browser => BROWSER.get_or_init(|| example_browser::programs().map(|(_, driver)| driver)).as_deref(),
            Self::AxeCore => AXE_CORE.get_or_init(example_browser::axe_core).as_deref(),
            Self::Django => DJANGO.get_or_init(python_with_django).as_deref(),
            Self::OwnPostgres => OWN[0].get_or_init(postgres).as_deref(),
            Self::OwnMariaDb => OWN[1].get_or_init(|| in_path("mariadbd")).as_deref(),
            Self::OwnRedis => OWN[2].get_or_init(|| in_path("redis-server")).as_deref(),
            Self::Postgres | Self::MariaDb | Self::Redis => None,
        }
    }

    /// The programs with which a test starts a server of its own like this one.
    pub(crate) const fn own(self) -> Option<Self> {
        match self {
            Self::Postgres => Some(Self::OwnPostgres),
            Self::MariaDb => Some(Self::OwnMariaDb),
            Self::Redis => Some(Self::OwnRedis),
            _ => None,
        }
    }

    /// [`Self::program`]; where it is absent, says that the calling test was not run.
    #[must_use]
    pub fn program_or_say_so(self) -> Option<&'static Path> {
        let program = self.program();
        if program.is_none() {
            say_not_run(self);
        }
        program
    }

    /// The URL of a server without the name of a database, whose user may make and drop databases.
    #[must_use]
    pub fn url(self) -> Option<String> {
        let (variable, usual) = match self {
            Self::Postgres => ("AUTH_TESTS_POSTGRES", "postgres://postgres@127.0.0.1:5432"),
            Self::MariaDb => ("AUTH_TESTS_MYSQL", "mysql://root@127.0.0.1:3306"),
            Self::Redis => ("AUTH_TESTS_REDIS", "redis://127.0.0.1:6379"),
            _ => return None,
        };
        Some(env::var(variable).unwrap_or_else(|_| usual.to_owned()))
    }
}

#[expect(clippy::print_stdout, reason = "a test that was not run must say so")]
fn say_not_run(service: Service) {
    println!("not run: {} not found", service.name());
}

/// The system's own Python first: a version manager's, which `PATH` may name, has no Debian packages.
fn python_with_aiosmtpd() -> Option<PathBuf> {
    ["/usr/bin/python3", "python3"].map(PathBuf::from).into_iter().find(|python| {
        let import = Command::new(python).args(["-c", "import aiosmtpd.smtp"]).stderr(Stdio::null()).status();
        import.is_ok_and(|status| status.success())
    })
}

fn python_with_django() -> Option<PathBuf> {
    let python = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/django-venv/bin/python");
    Some(PathBuf::from(python)).filter(|python| python.is_file())
}

/// Debian keeps the programs of each version in a folder of their own.
fn postgres() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|version| version.path().join("bin/postgres")).filter(|program| program.is_file()).max();
    newest.or_else(|| in_path("postgres"))
}

fn in_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&folders).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(program)).find(|program| program.is_file())
}

fn listens(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
    let mut addresses = address.to_socket_addrs().into_iter().flatten();
    addresses.any(|address| TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok())
}
