use std::net::{SocketAddr, TcpListener};

use auth_core::config::{DOCUMENTED as LIBRARY, Fault, MailBackend};
use auth_core::mail::MemoryMailer;
use auth_core::restore::EncryptKey;
use auth_core::store::{IntoStores as _, MemoryStore, Stores};
use auth_core::token::KeyMaterial;
use auth_core::{Auth, ConfigError, OsRandom, Settings};
use auth_sqlx::SqlStore;

use crate::development::{Circumstances, Claim, DatabaseState, DevelopmentKeys, Mailbox, banner, claim, look};
use crate::notes::{MemoryNotes, Notes, SqliteNotes};
use crate::pages::Pages;
use crate::settings::{DOCUMENTED, Database, Mode, Prefix, ServerSettings, Vars};

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
/// is known to be good, no file is made and no socket is bound.
///
/// # Errors
/// With every fault of both tables at once.
pub async fn start(vars: &Vars<'_>) -> Result<Started, ConfigError> {
    let plan = Plan::make(vars).await?;
    let listener = listen(plan.server.bind).map_err(refusal)?;
    let address = listener.local_addr().map_err(|error| refusal(unbindable(&error)))?;
    let base = format!("http://{address}");
    let opened = Opened::open(&plan).await.map_err(refusal)?;

    let development = opened.keys.as_ref().map(|keys| Development::new(vars, keys));
    let settings = settings(vars, &plan.server, &base, development.as_ref());
    let auth = Auth::builder(settings, opened.stores).build()?;
    auth.start_worker();
    warn(&plan);
    let mailbox = development.map(|development| development.mailbox());
    let banner = mailbox.as_ref().map(|mailbox| banner(&base, &mailbox.path(), plan.server.database.place()));
    let prefix = plan.server.prefix;
    let pages = Pages::new(base.clone(), prefix.clone(), mailbox);
    Ok(Started { product: Product { auth, prefix, notes: opened.notes, pages }, listener, base, banner })
}

/// Settings that were all found good.
struct Plan {
    server: ServerSettings,
    mode: Mode,
    fresh: DevelopmentKeys,
}

impl Plan {
    async fn make(vars: &Vars<'_>) -> Result<Self, ConfigError> {
        let server = ServerSettings::read(vars);
        let mut faults = vars.unreadable();
        faults.extend(server.faults.iter().cloned());
        let database = look_at(&server.database).await.unwrap_or_else(|fault| {
            faults.push(fault);
            DatabaseState::Used
        });
        let circumstances = Circumstances {
            debug_build: cfg!(debug_assertions),
            bind: server.bind,
            mode: server.mode,
            mentioned: Circumstances::mentioned(vars),
            database,
        };
        let mode = circumstances.decide().unwrap_or_else(|reasons| {
            add(&mut faults, reasons);
            Mode::Production
        });
        let fresh = DevelopmentKeys::draw(&OsRandom).map_err(|error| refusal(Fault::new("random", error.to_string(), "Check the random source")))?;
        let development = (mode == Mode::Development).then(|| Development::new(vars, &fresh));
        let tried = settings(vars, &server, &format!("http://{}", server.bind), development.as_ref());
        add(&mut faults, problems(tried));
        faults.sort_by_key(|fault| place_in_documentation(fault.setting));
        ConfigError::check(faults)?;
        Ok(Self { server, mode, fresh })
    }
}

/// Adds faults of settings that have none yet: the first found is the nearest to the cause.
fn add(faults: &mut Vec<Fault>, more: Vec<Fault>) {
    for fault in more {
        if !faults.iter().any(|known| known.setting == fault.setting) {
            faults.push(fault);
        }
    }
}

fn place_in_documentation(setting: &str) -> usize {
    let names = LIBRARY.iter().map(|known| known.name).chain(DOCUMENTED.iter().map(|known| known.name));
    names.into_iter().position(|name| name == setting).unwrap_or(usize::MAX)
}

/// What the library says about these settings. Silent, since the real build says it again.
fn problems(settings: Settings) -> Vec<Fault> {
    let build = || Auth::builder(settings, MemoryStore::default()).build();
    let built = tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::default(), build);
    built.err().map(|error| error.faults).unwrap_or_default()
}

fn settings(vars: &Vars<'_>, server: &ServerSettings, base: &str, development: Option<&Development>) -> Settings {
    let settings = Settings::from_vars(|name| vars.text(name))
        .service_name("Notes")
        .trusted_proxies(server.trusted_proxies.into());
    match development {
        Some(development) => development.complete(settings, base),
        None => settings,
    }
}

/// What development puts in place of settings that are not given.
struct Development {
    keys: DevelopmentKeys,
    mails: MemoryMailer,
    given: Vec<&'static str>,
}

impl Development {
    fn new(vars: &Vars<'_>, keys: &DevelopmentKeys) -> Self {
        let names = LIBRARY.iter().filter(|known| vars.text(known.name).is_some());
        // All settings of the way that mail is sent go by one name here.
        let given = names.map(|known| if known.setter == MAIL { MAIL } else { known.name });
        Self { keys: keys.clone(), mails: MemoryMailer::new(), given: given.collect() }
    }

    fn complete(&self, mut settings: Settings, base: &str) -> Settings {
        if self.lacks("JWT_SECRET") {
            settings = settings.jwt_secret(KeyMaterial::secret(self.keys.jwt_secret.as_bytes()));
        }
        if self.lacks("EMAIL_ENCRYPT_KEY") {
            settings = settings.email_encrypt_keys(EncryptKey::parse(&self.keys.email_encrypt_key).into_iter().collect());
        }
        if self.lacks(MAIL) {
            settings = settings.mail_backend(MailBackend::Memory(self.mails.clone()));
        }
        if self.lacks("PATH_TO_RESTORE") {
            settings = settings.path_to_restore(format!("{base}/app/restore"));
        }
        settings
    }

    fn lacks(&self, setting: &str) -> bool {
        !self.given.contains(&setting)
    }

    fn mailbox(self) -> Mailbox {
        Mailbox::new(self.mails, self.keys.mailbox)
    }
}

const MAIL: &str = "mail_backend";

/// What the settings name, opened.
struct Opened {
    stores: Stores,
    notes: Notes,
    keys: Option<DevelopmentKeys>,
}

impl Opened {
    async fn open(plan: &Plan) -> Result<Self, Fault> {
        match &plan.server.database {
            Database::Memory => Ok(Self {
                stores: MemoryStore::default().into_stores(),
                notes: Notes::new(MemoryNotes::default()),
                keys: (plan.mode == Mode::Development).then(|| plan.fresh.clone()),
            }),
            Database::Sqlite(url) => {
                let keys = match claim(url, plan.mode, &plan.fresh).await.map_err(|error| unusable(&error))? {
                    Claim::Ours(keys) => keys,
                    Claim::Refused(state) => return Err(taken(state)),
                };
                let store = SqlStore::connect(url).await.map_err(|error| unusable(&error))?;
                let notes = open_notes(&store).await?;
                Ok(Self { stores: store.into_stores(), notes, keys })
            }
        }
    }
}

async fn open_notes(store: &SqlStore) -> Result<Notes, Fault> {
    let Some(pool) = store.sqlite_pool() else {
        return Err(Fault::new("DATABASE_URL", "notes need SQLite", "Use sqlite://app.db"));
    };
    let notes = SqliteNotes::open(pool.clone()).await.map_err(|error| unusable(&error))?;
    Ok(Notes::new(notes))
}

async fn look_at(database: &Database) -> Result<DatabaseState, Fault> {
    match database {
        Database::Memory => Ok(DatabaseState::New),
        Database::Sqlite(url) => look(url).await.map_err(|error| unusable(&error)),
    }
}

fn listen(bind: SocketAddr) -> Result<TcpListener, Fault> {
    let listener = TcpListener::bind(bind).and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    listener.map_err(|error| unbindable(&error))
}

fn unbindable(error: &std::io::Error) -> Fault {
    Fault::new("BIND_ADDR", format!("nothing can listen there ({error})"), "Free it, or name another")
}

fn unusable(error: &dyn std::error::Error) -> Fault {
    let causes = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string);
    let problem = format!("it cannot be opened ({})", causes.collect::<Vec<_>>().join(": "));
    Fault::new("DATABASE_URL", problem, "Name a file that this process may write to")
}

fn taken(state: DatabaseState) -> Fault {
    let by = if state == DatabaseState::Development { "development" } else { "production" };
    Fault::new("DATABASE_URL", format!("a start in {by} has just taken this database"), "Name another database")
}

fn refusal(fault: Fault) -> ConfigError {
    match ConfigError::check(vec![fault]) {
        Err(error) => error,
        Ok(()) => unreachable!("one fault was given"),
    }
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
