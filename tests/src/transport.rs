//! The three ways to reach an `Auth`: by its own function, and over TCP through two frameworks.

mod actix;
mod axum;
mod core;
mod http1;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use auth_core::Auth;
use auth_core::http::Route;

use crate::answer::Answer;
use crate::log::Log;
use crate::request::Request;

/// How requests reach an `Auth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// `Auth::handle`, without a server.
    Core,
    /// A server of axum.
    Axum,
    /// A server of actix-web.
    Actix,
}

impl Transport {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Core, Self::Axum, Self::Actix];
    /// Those with a host around the account routes.
    pub const HTTP: [Self; 2] = [Self::Axum, Self::Actix];

    /// The name in a report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Axum => "axum",
            Self::Actix => "actix",
        }
    }
}

/// Where the account routes are mounted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mounted {
    /// What the host nests them in; empty where it does not.
    pub(crate) nest: &'static str,
    /// What is given to `mount_only`.
    pub(crate) prefix: &'static str,
    /// Which routes are mounted.
    pub(crate) routes: &'static [Route],
}

impl Mounted {
    /// Every route, below this.
    pub(crate) const fn at(prefix: &'static str) -> Self {
        Self { nest: "", prefix, routes: &Route::ALL }
    }

    /// What stands before the path of a route.
    pub(crate) fn path(self) -> String {
        format!("{}{}", self.nest, self.prefix.trim_end_matches('/'))
    }
}

/// An `Auth` that answers.
pub(crate) enum Door {
    Core { auth: Box<Auth>, path: String },
    Http { address: SocketAddr, stop: Box<dyn Fn()> },
}

impl Door {
    pub(crate) fn open(transport: Transport, auth: &Auth, mounted: Mounted, log: &Log) -> Self {
        match transport {
            Transport::Core => Self::Core { auth: Box::new(auth.clone()), path: mounted.path() },
            Transport::Axum => axum::serve(auth, mounted),
            Transport::Actix => actix::serve(auth, mounted, log),
        }
    }

    pub(crate) async fn send(&self, request: &Request) -> Answer {
        match self {
            Self::Core { auth, path } => core::send(auth, path, request).await,
            Self::Http { address, .. } => http1::send(*address, request).await,
        }
    }

    pub(crate) async fn hang_up(&self, request: &Request) {
        match self {
            Self::Core { .. } => panic!("there is no connection to end"),
            Self::Http { address, .. } => http1::hang_up(*address, request).await,
        }
    }
}

/// A host whose `Auth` is on stores of the test's own.
#[expect(missing_debug_implementations, reason = "it holds a server")]
pub struct Site(Door);

impl Site {
    /// Serves it, with the account routes at `prefix`.
    #[must_use]
    pub fn open(transport: Transport, auth: &Auth, prefix: &'static str) -> Self {
        let mounted = Mounted { nest: "", prefix, routes: &Route::ALL };
        Self(Door::open(transport, auth, mounted, &Log::default()))
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: &Request) -> Answer {
        self.0.send(request).await
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        if let Self::Http { stop, .. } = self {
            stop();
        }
    }
}

/// A port of the machine itself that nobody else has.
fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.set_nonblocking(true).expect("a socket that does not block");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}
