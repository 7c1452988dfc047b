use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::account::User;
use crate::client::ClientInfo;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::config::{ConfigError, DeliveryChoice, Fault, Settings, Takeover, Validated};
use crate::delivery::Worker;
use crate::error::AuthError;
use crate::event::{Action, EventSink, Trail};
use crate::mail::Mailer;
use crate::metrics;
use crate::password::{BreachCheck, HashingPool, PoolState};
use crate::random::{OsRandom, Random};
#[cfg(feature = "read-cache")]
use crate::store::ReadCache;
use crate::store::{IntoStores, Stores};

/// Account authentication: every action is a function here, every framework a thin skin over it.
///
/// Cloning is cheap; all clones are the same. The first action starts a worker for the outbox on
/// the runtime that it finds.
///
/// ```no_run
/// use auth_core::{Auth, ClientInfo, Settings};
/// use auth_core::actions::Credentials;
/// use auth_core::store::MemoryStore;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let auth = Auth::builder(Settings::from_env(), MemoryStore::default()).build()?;
/// let signed_in = auth.signin(Credentials::new("ann", "her password"), &ClientInfo::default()).await?;
/// println!("{}", signed_in.token.expose());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Auth {
    pub(crate) inner: Arc<Inner>,
}

/// How many of a host's breach checks run at the same time.
const BREACH_CHECKS_AT_ONCE: usize = 64;

pub(crate) struct Inner {
    pub(crate) settings: Validated,
    pub(crate) stores: Stores,
    /// The service before this one, whose tokens are honoured.
    pub(crate) takeover: Option<Takeover>,
    pub(crate) pool: HashingPool,
    pub(crate) breach_check: Option<Arc<dyn BreachCheck>>,
    /// A flood of new passwords must not become a flood of calls to somebody else's server.
    pub(crate) breach_checks: Semaphore,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) worker: Worker,
    pub(crate) warned: Warned,
    stopping: AtomicBool,
    events: Option<Arc<dyn EventSink>>,
}

/// What the operator was told once and need not hear with every request.
#[derive(Default)]
pub(crate) struct Warned {
    pub(crate) proxy: AtomicBool,
    pub(crate) no_peer: AtomicBool,
}

impl Auth {
    /// Begins with what is required; everything else has a default.
    pub fn builder(settings: Settings, stores: impl IntoStores) -> AuthBuilder {
        AuthBuilder {
            settings,
            stores: stores.into_stores(),
            delivery: DeliveryChoice::Settings,
            events: None,
            breach_check: None,
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            background_worker: true,
            #[cfg(feature = "read-cache")]
            read_cache: None,
        }
    }

    /// The stores that this works on, for reading beside the actions.
    #[must_use]
    pub fn stores(&self) -> &Stores {
        &self.inner.stores
    }

    /// What the hashing pool is doing.
    #[must_use]
    pub fn hashing(&self) -> PoolState {
        self.inner.pool.state()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.inner.random
    }

    pub(crate) fn trail(&self, action: Action, client: &ClientInfo) -> Trail {
        Trail::begin(action, client, self.inner.clock.clone(), self.inner.events.clone())
    }

    /// Marks in a user what a client may see of the host's attributes.
    pub(crate) fn published(&self, user: User) -> User {
        user.with_public_attributes(&self.inner.settings.public_attributes)
    }

    /// Refuses new work once [`Auth::shutdown`] was called.
    pub(crate) fn admit(&self) -> Result<(), AuthError> {
        if self.inner.stopping.load(Ordering::Acquire) {
            return Err(AuthError::Busy { retry_after: Duration::from_secs(1) });
        }
        self.start_worker();
        Ok(())
    }

    pub(crate) fn stop_admission(&self) {
        self.inner.stopping.store(true, Ordering::Release);
    }
}

/// Clones of one `Auth` are equal; two that were built apart never are.
impl PartialEq for Auth {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Eq for Auth {}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Auth(..)")
    }
}

/// Collects what is optional, then [`build`](AuthBuilder::build)s.
#[must_use]
pub struct AuthBuilder {
    settings: Settings,
    stores: Stores,
    delivery: DeliveryChoice,
    events: Option<Arc<dyn EventSink>>,
    breach_check: Option<Arc<dyn BreachCheck>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    background_worker: bool,
    #[cfg(feature = "read-cache")]
    read_cache: Option<ReadCache>,
}

impl AuthBuilder {
    /// Sends mail your own way instead of by the backend of the settings.
    pub fn mailer(mut self, mailer: impl Mailer) -> Self {
        self.delivery = DeliveryChoice::Host(Arc::new(mailer));
        self
    }

    /// Takes every event, beside `tracing`.
    pub fn events(mut self, sink: impl EventSink) -> Self {
        self.events = Some(Arc::new(sink));
        self
    }

    /// Asks whether a new password is known from a breach. It has three seconds; without an answer
    /// the password is accepted and a warning logged.
    pub fn breach_check(mut self, check: impl BreachCheck) -> Self {
        self.breach_check = Some(Arc::new(check));
        self
    }

    /// Takes the time from somewhere else than the system.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Takes randomness from somewhere else than the system. It must be cryptographically secure.
    pub fn random(mut self, random: impl Random) -> Self {
        self.random = Arc::new(random);
        self
    }

    /// Whether this `Auth` sends mail in the background, and clears what has expired, as it does by
    /// default. Without it, call [`Auth::deliver_mail`] yourself.
    pub fn background_worker(mut self, on: bool) -> Self {
        self.background_worker = on;
        self
    }

    /// Remembers users and sessions for a few seconds, so that checking a token asks no database.
    /// Off by default: what another instance ends is then good here for a moment longer; see
    /// [`ReadCache`]. Every write has to go through [`Auth`] or [`Auth::stores`].
    #[cfg(feature = "read-cache")]
    pub fn read_cache(mut self, cache: ReadCache) -> Self {
        self.read_cache = Some(cache);
        self
    }

    /// Checks every setting, renders every mail template with sample data and starts the hashing
    /// threads. It needs no async runtime and touches no network.
    ///
    /// # Errors
    /// All faults at once, each with the setting's name and the mend.
    pub fn build(self) -> Result<Auth, ConfigError> {
        metrics::describe();
        let settings = Validated::check(self.settings, self.delivery)?;
        let pool = HashingPool::start(&settings.hashing, self.random.clone()).map_err(|error| ConfigError {
            faults: vec![Fault::new("hashing", error.to_string(), "Check the settings of the hashing pool")],
        })?;
        let worker = Worker::new(self.background_worker, &*self.random).map_err(|error| ConfigError {
            faults: vec![Fault::new("random", error.to_string(), "Check the random source")],
        })?;
        #[cfg(feature = "read-cache")]
        let stores = match &self.read_cache {
            Some(cache) => self.stores.cached(cache, &self.clock),
            None => self.stores,
        };
        #[cfg(not(feature = "read-cache"))]
        let stores = self.stores;
        let takeover = Takeover::agreed(&settings, &stores)?;
        let inner = Inner {
            settings,
            stores,
            takeover,
            pool,
            breach_check: self.breach_check,
            breach_checks: Semaphore::new(BREACH_CHECKS_AT_ONCE),
            clock: self.clock,
            random: self.random,
            worker,
            warned: Warned::default(),
            stopping: AtomicBool::new(false),
            events: self.events,
        };
        Ok(Auth { inner: Arc::new(inner) })
    }
}

impl std::fmt::Debug for AuthBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthBuilder(..)")
    }
}
