//! What a server of the benches is told to be.

use auth_core::Settings;
use auth_core::config::MailBackend;
use auth_core::password::HashingSettings;
use auth_core::restore::EncryptKey;
use auth_core::token::KeyMaterial;
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;

/// Signs the tokens of every server, so that the load can bring tokens of its own.
pub const JWT_SECRET: &str = "q7Wn2zXo5rLk8BvJ4mTc1YpGd9HfSaEuR3iN6xUtKbVgQwZyDlMhFjCsAePr0oIt";

const ENCRYPT_KEY: &[u8; 32] = b"Vt8sQ1mZ4xKc7bYp0dRj3gWn6fHa9uLe";

/// Which framework serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Framework {
    /// axum.
    Axum,
    /// actix-web.
    Actix,
}

impl Framework {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Axum, Self::Actix];

    /// The name in the tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Axum => "axum",
            Self::Actix => "actix-web",
        }
    }
}

/// One server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setup {
    /// Which framework serves.
    pub framework: Framework,
    /// The URL of a filled database.
    pub database: String,
    /// Threads that serve.
    pub workers: usize,
    /// Threads that hash; one a core without a number.
    pub hashing_threads: Option<NonZeroUsize>,
    /// Whether `/auth` is the library, or what many write by hand instead.
    pub naive: bool,
    /// Whether users and sessions are remembered for some seconds.
    pub read_cache: bool,
}

impl Setup {
    /// The library, served by one thread.
    #[must_use]
    pub fn new(framework: Framework, database: &str) -> Self {
        Self {
            framework,
            database: database.to_owned(),
            workers: 1,
            hashing_threads: None,
            naive: false,
            read_cache: false,
        }
    }

    /// What the library is told. Behind one proxy, so that each client of the load can bring an
    /// address of its own.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let hashing = HashingSettings { threads: self.hashing_threads, ..HashingSettings::default() };
        Settings::new(
            KeyMaterial::secret(JWT_SECRET),
            EncryptKey::from_bytes(*ENCRYPT_KEY),
            "https://app.example.org/restore",
        )
        .mail_backend(MailBackend::Console)
        .hashing(hashing)
        .trusted_proxies(1)
    }
}

/// What a server says on its first line of output.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ready {
    /// Where it listens.
    pub address: std::net::SocketAddr,
    /// What it held before it could hash anything, in bytes.
    pub resident: u64,
}
