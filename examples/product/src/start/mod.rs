//! From the environment to a product whose socket is bound.

mod open;
mod plan;

use std::net::{SocketAddr, TcpListener};

use auth_core::config::Fault;
use auth_core::{Auth, ConfigError};

use crate::development::banner;
use crate::notes::Notes;
use crate::pages::Pages;
use crate::settings::{Database, Mode, Prefix, Vars};
use open::Opened;
use plan::Plan;

/// What a server answers with. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Product {
    /// Accounts.
    pub auth: Auth,
    /// Where the account routes are mounted.
    pub prefix: Prefix,
    /// The routes under `/notes`.
    pub notes: Notes,
    /// Everything else.
    pub pages: Pages,
}

/// A product whose socket is bound.
#[derive(Debug)]
pub struct Started {
    /// What it answers with.
    pub product: Product,
    /// Bound, listening and non-blocking.
    pub listener: TcpListener,
    /// The origin under which it is reached, with the port that it really has.
    pub base: String,
    /// In development, what to say before anything else.
    pub banner: Option<String>,
}

/// Reads both tables of settings, chooses the mode, and opens what they name. Until every setting
/// is known to be good, no socket is bound and no database made.
///
/// # Errors
/// With every fault of both tables at once.
pub async fn start(vars: &Vars<'_>) -> Result<Started, ConfigError> {
    let plan = Plan::make(vars).await?;
    let (listener, base) = listen(plan.server.bind)?;
    let Opened { stores, notes, stand_ins } = Opened::open(&plan, vars).await?;
    let auth = Auth::builder(plan.settings(vars, &base, stand_ins.as_ref()), stores).build()?;
    auth.start_worker();
    warn(&plan);
    let mailbox = stand_ins.map(|stand_ins| stand_ins.mailbox());
    let banner = mailbox.as_ref().map(|mailbox| banner(&base, &mailbox.path(), plan.server.database.place()));
    let prefix = plan.server.prefix;
    let pages = Pages::new(base.clone(), prefix.clone(), mailbox);
    Ok(Started { product: Product { auth, prefix, notes, pages }, listener, base, banner })
}

/// The origin names the port that the socket really has.
fn listen(bind: SocketAddr) -> Result<(TcpListener, String), Fault> {
    let bound = TcpListener::bind(bind).and_then(|listener| {
        listener.set_nonblocking(true)?;
        let base = format!("http://{}", listener.local_addr()?);
        Ok((listener, base))
    });
    bound
        .map_err(|error| Fault::new("BIND_ADDR", format!("nothing can listen there ({error})"), "Name another address"))
}

fn warn(plan: &Plan) {
    if plan.server.limits {
        tracing::warn!("AUTH_LIMITS: limits are not there yet; attempts are counted by nobody");
    } else {
        tracing::warn!("AUTH_LIMITS is off, and limits are not there yet either");
    }
    if plan.mode == Mode::Production && plan.server.database == Database::Memory {
        tracing::warn!("DATABASE_URL is memory: every account is gone when this server stops");
    }
}
