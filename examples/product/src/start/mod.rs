//! From the environment to a product whose socket is bound.

mod open;
mod plan;

use std::net::{SocketAddr, TcpListener};

use auth_core::config::Fault;
use auth_core::{Auth, ConfigError};

use crate::development::{StandIns, banner};
use crate::metrics;
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
    plan.server.metrics.map_or(Ok(()), metrics::serve)?;
    let Opened { stores, notes, stand_ins } = Opened::open(&plan, vars).await?;
    let auth = Auth::builder(plan.settings(vars, &base, stand_ins.as_ref()), stores).build()?;
    auth.start_worker();
    warn(&plan);
    let mailbox = stand_ins.map(StandIns::mailbox);
    let banner = mailbox.as_ref().map(|mailbox| banner(&base, &mailbox.path(), &plan.server.database.place()));
    let prefix = plan.server.prefix;
    let pages = Pages::new(prefix.clone(), mailbox);
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
    if plan.mode == Mode::Production && plan.server.database == Database::Memory {
        tracing::warn!("DATABASE_URL is memory: every account is gone when this server stops");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::ffi::OsString;
    use std::path::Path;

    use auth_core::ClientInfo;
    use auth_core::actions::{Credentials, SignUp};

    use super::*;

    /// The settings of one start, and a folder for its files.
    struct Host {
        folder: tempfile::TempDir,
        vars: HashMap<&'static str, OsString>,
    }

    impl Host {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/app.db", folder.path().display());
            let vars = [("BIND_ADDR", "127.0.0.1:0".into()), ("DATABASE_URL", url.into())];
            Self { folder, vars: vars.into() }
        }

        fn production() -> Self {
            let host = Self::new();
            let mails = host.folder.path().join("mails").display().to_string();
            host.with("JWT_SECRET", "a-secret-of-the-operator-with-48-characters-in-it")
                .with("EMAIL_ENCRYPT_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
                .with("EMAIL_BACKEND", "file")
                .with("EMAIL_FILE_PATH", &mails)
                .with("PATH_TO_RESTORE", "https://app.example/restore")
        }

        fn developer() -> Self {
            Self::new().with("AUTH_MODE", "development")
        }

        fn with(mut self, name: &'static str, value: &str) -> Self {
            self.vars.insert(name, value.into());
            self
        }

        fn without(mut self, name: &str) -> Self {
            self.vars.remove(name);
            self
        }

        /// Only where it is and what it serves from.
        fn that_lost_every_other_setting(mut self) -> Self {
            self.vars.retain(|name, _| matches!(*name, "BIND_ADDR" | "DATABASE_URL"));
            self
        }

        async fn start(&self) -> Result<Started, ConfigError> {
            start(&Vars::new(&|name| self.vars.get(name).cloned())).await
        }

        async fn faults(&self) -> String {
            self.start().await.unwrap_err().to_string()
        }

        fn files(&self) -> usize {
            Path::read_dir(self.folder.path()).unwrap().count()
        }
    }

    #[tokio::test]
    async fn a_restart_in_development_signs_nobody_out() {
        let host = Host::developer();
        let client = ClientInfo::default();
        let first = host.start().await.unwrap();
        let mut ann = SignUp::new("a long wooden boat");
        ann.username = Some("ann".to_owned());
        first.product.auth.signup(ann, &client).await.unwrap();
        let credentials = Credentials::new("ann", "a long wooden boat");
        let token = first.product.auth.signin(credentials, &client).await.unwrap().token;
        let second = host.start().await.unwrap();
        assert!(second.product.auth.get_user(token.expose(), &client).await.is_ok());
        let mailbox = |started: &Started| started.banner.clone().unwrap().split("key=").nth(1).map(str::to_owned);
        assert_eq!(mailbox(&first).unwrap()[..43], mailbox(&second).unwrap()[..43]);
    }

    #[tokio::test]
    async fn production_says_nothing_of_development_and_has_no_mailbox() {
        assert_eq!(Host::production().start().await.unwrap().banner, None);
    }

    #[tokio::test]
    async fn a_production_server_that_lost_its_settings_does_not_develop_on_its_database() {
        let host = Host::production();
        host.start().await.unwrap();
        let faults = host.that_lost_every_other_setting().faults().await;
        assert!(faults.contains("JWT_SECRET") && faults.contains("the database of DATABASE_URL"), "{faults}");
    }

    #[tokio::test]
    async fn a_production_server_that_lost_its_secret_alone_names_it() {
        let host = Host::production().without("JWT_SECRET");
        let faults = host.faults().await;
        assert!(faults.contains("JWT_SECRET: it is missing") && faults.contains("EMAIL_BACKEND is set"), "{faults}");
        assert_eq!(host.files(), 1, "the folder for mails was tried out; no database was made");
    }

    #[tokio::test]
    async fn production_refuses_a_database_of_development_and_the_other_way_round() {
        let developer = Host::developer();
        developer.start().await.unwrap();
        let mut operator = Host::production();
        operator.vars.insert("DATABASE_URL", developer.vars["DATABASE_URL"].clone());
        assert!(operator.faults().await.contains("marked as one of development"));

        let operator = Host::production();
        operator.start().await.unwrap();
        let mut developer = Host::developer();
        developer.vars.insert("DATABASE_URL", operator.vars["DATABASE_URL"].clone());
        assert!(developer.faults().await.contains("not made in development"));
    }

    #[tokio::test]
    async fn development_in_memory_needs_no_file() {
        let host = Host::developer().with("DATABASE_URL", "memory:");
        assert!(host.start().await.unwrap().banner.is_some());
        assert_eq!(host.files(), 0);
    }

    #[tokio::test]
    async fn what_is_set_stands_in_development_too() {
        let host = Host::developer().with("JWT_SECRET", "short");
        let faults = host.faults().await;
        assert!(faults.contains("JWT_SECRET: the signing key is 5 bytes long"), "{faults}");
    }

    #[tokio::test]
    async fn the_faults_of_both_tables_come_at_once_and_nothing_was_made() {
        let host = Host::new().with("JWT_EXP", "soon").with("AUTH_PROFILE", "flask").with("BIND_ADDR", "0.0.0.0:0");
        let faults = host.faults().await;
        for setting in ["JWT_SECRET", "JWT_EXP", "FROM_EMAIL", "EMAIL_ENCRYPT_KEY", "PATH_TO_RESTORE", "AUTH_PROFILE"] {
            assert!(faults.contains(&format!("\n  {setting}: ")), "{setting}: {faults}");
        }
        assert_eq!(host.files(), 0);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_value_that_is_no_text_is_a_fault_in_either_table() {
        use std::os::unix::ffi::OsStringExt as _;
        let mut host = Host::production();
        host.vars.insert("JWT_SECRET", OsString::from_vec(vec![0xff; 40]));
        host.vars.insert("BIND_ADDR", OsString::from_vec(vec![0xff]));
        let faults = host.faults().await;
        assert!(faults.contains("BIND_ADDR: it is not UTF-8") && faults.contains("JWT_SECRET: it is not"), "{faults}");
    }

    #[tokio::test]
    async fn a_socket_or_a_file_that_cannot_be_had_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap().to_string();
        assert!(Host::developer().with("BIND_ADDR", &address).faults().await.contains("BIND_ADDR: nothing can listen"));
        let nowhere = Host::developer().with("DATABASE_URL", "sqlite:///no/such/folder/app.db");
        assert!(nowhere.faults().await.contains("DATABASE_URL: it cannot be opened"));
    }
}
