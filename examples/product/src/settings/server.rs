use std::net::SocketAddr;
use std::str::FromStr;

use auth_core::config::{Fault, Profile};

use super::{Database, DatabaseFault, DjangoSettings, Prefix, RedisUrl, Vars};

/// What `AUTH_MODE` says, and what a server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Every setting without a default must be given.
    Production,
    /// Keys of the database, mail in the mailbox page, this machine only.
    Development,
}

impl FromStr for Mode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "production" => Ok(Self::Production),
            "development" => Ok(Self::Development),
            _ => Err("it is not a mode"),
        }
    }
}

/// The second table of settings, read.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// `BIND_ADDR`. Where it could not be read this is an address on no interface of ours.
    pub bind: SocketAddr,
    /// `DATABASE_URL`.
    pub database: Database,
    /// `REDIS_URL`.
    pub redis: Option<RedisUrl>,
    /// `AUTH_PREFIX`.
    pub prefix: Prefix,
    /// `AUTH_PROFILE`.
    pub profile: Profile,
    /// `AUTH_DJANGO_TABLE` and what goes with it.
    pub django: Option<DjangoSettings>,
    /// `AUTH_LIMITS`.
    pub limits: bool,
    /// `TRUSTED_PROXIES`.
    pub trusted_proxies: u8,
    /// `METRICS_ADDR`, always on loopback.
    pub metrics: Option<SocketAddr>,
    /// `AUTH_MODE`. One that could not be read never develops.
    pub mode: Option<Mode>,
    /// Everything that is wrong with these settings.
    pub faults: Vec<Fault>,
}

/// Loopback is what development asks for; what could not be read must not look like it.
const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);
const DEFAULT_BIND: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 3000);

impl ServerSettings {
    /// Reads the settings of the second table, and keeps every fault.
    #[must_use]
    pub fn read(vars: &Vars<'_>) -> Self {
        let mut faults = Vec::new();
        let bind = bind(vars, &mut faults);
        let database = database(vars, &mut faults);
        let redis = vars.parsed("REDIS_URL", "Use redis://:password@host:6379, or leave it out", &mut faults);
        let prefix = vars.parsed("AUTH_PREFIX", "Use /auth, another path, or / for the root", &mut faults);
        let profile = vars.parsed("AUTH_PROFILE", "Use documented or django", &mut faults).unwrap_or_default();
        let django = DjangoSettings::read(vars, &database, profile, &mut faults);
        let limits = limits(vars, &mut faults);
        let trusted_proxies = proxies(vars, &mut faults);
        let metrics = metrics(vars, &mut faults);
        let mode = mode(vars, &mut faults);
        Self {
            bind,
            database,
            redis,
            prefix: prefix.unwrap_or_default(),
            profile,
            django,
            limits,
            trusted_proxies,
            metrics,
            mode,
            faults,
        }
    }
}

fn bind(vars: &Vars<'_>, faults: &mut Vec<Fault>) -> SocketAddr {
    match vars.text("BIND_ADDR").map(|text| text.parse()) {
        None if vars.unreadable().iter().any(|fault| fault.setting == "BIND_ADDR") => NOWHERE,
        None => DEFAULT_BIND,
        Some(Ok(address)) => address,
        Some(Err(_)) => {
            faults.push(Fault::new("BIND_ADDR", "it is not an address with a port", "Use 127.0.0.1:3000 or so"));
            NOWHERE
        }
    }
}

fn database(vars: &Vars<'_>, faults: &mut Vec<Fault>) -> Database {
    let url = vars.text("DATABASE_URL").unwrap_or_else(|| "sqlite://app.db".to_owned());
    url.parse().unwrap_or_else(|fault: DatabaseFault| {
        faults.push(Fault::new("DATABASE_URL", fault.to_string(), fault.mend()));
        Database::Memory
    })
}

fn limits(vars: &Vars<'_>, faults: &mut Vec<Fault>) -> bool {
    match vars.text("AUTH_LIMITS").as_deref() {
        None | Some("on") => true,
        Some("off") => false,
        Some(_) => {
            faults.push(Fault::new("AUTH_LIMITS", "it is neither on nor off", "Use on or off"));
            true
        }
    }
}

fn proxies(vars: &Vars<'_>, faults: &mut Vec<Fault>) -> u8 {
    let hops = vars.text("TRUSTED_PROXIES").map(|text| text.parse());
    hops.transpose()
        .ok()
        .unwrap_or_else(|| {
            let mend = "Use how many proxies of yours a request passes";
            faults.push(Fault::new("TRUSTED_PROXIES", "it is not a number from 0 to 255", mend));
            None
        })
        .unwrap_or(0)
}

fn metrics(vars: &Vars<'_>, faults: &mut Vec<Fault>) -> Option<SocketAddr> {
    let text = vars.text("METRICS_ADDR")?;
    let address = text.parse::<SocketAddr>().ok().filter(|address| address.ip().is_loopback());
    if address.is_none() {
        faults.push(Fault::new("METRICS_ADDR", "it is not an address on loopback with a port", "Use 127.0.0.1:9000"));
    }
    address
}

fn mode(vars: &Vars<'_>, faults: &mut Vec<Fault>) -> Option<Mode> {
    let before = faults.len();
    let mode = vars.parsed("AUTH_MODE", "Use production or development, or leave it out", faults);
    let unreadable = faults.len() > before || (mode.is_none() && vars.is_mentioned("AUTH_MODE"));
    if unreadable { Some(Mode::Production) } else { mode }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::ffi::OsString;

    use super::*;
    use crate::settings::DOCUMENTED;

    fn read(given: &[(&str, &str)]) -> ServerSettings {
        let read = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        ServerSettings::read(&Vars::new(&read))
    }

    fn at_fault(given: &[(&str, &str)]) -> Vec<String> {
        read(given).faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn nothing_set_gives_the_documented_defaults() {
        let settings = read(&[]);
        assert_eq!(settings.faults, []);
        assert_eq!(settings.bind.to_string(), "127.0.0.1:3000");
        assert_eq!(settings.database, Database::Sqlite("sqlite://app.db".to_owned()));
        assert_eq!((settings.prefix.as_str(), settings.limits, settings.trusted_proxies), ("/auth", true, 0));
        assert_eq!(settings.mode, None);
    }

    #[test]
    fn every_documented_name_is_read_and_no_other() {
        let names = RefCell::new(Vec::new());
        let read = |name: &str| {
            names.borrow_mut().push(name.to_owned());
            None
        };
        let _ = ServerSettings::read(&Vars::new(&read));
        let library = |name: &String| auth_core::config::DOCUMENTED.iter().any(|known| known.name == *name);
        let mut names: Vec<_> = names.into_inner().into_iter().filter(|name| !library(name)).collect();
        names.sort();
        names.dedup();
        let mut documented: Vec<_> = DOCUMENTED.iter().map(|setting| setting.name.to_owned()).collect();
        documented.sort();
        assert_eq!(names, documented);
    }

    #[test]
    fn all_faults_come_at_once() {
        let faults = at_fault(&[
            ("BIND_ADDR", "localhost"),
            ("DATABASE_URL", "sqlite::memory:"),
            ("AUTH_PREFIX", "auth"),
            ("AUTH_PROFILE", "flask"),
            ("AUTH_LIMITS", "maybe"),
            ("TRUSTED_PROXIES", "-1"),
            ("AUTH_MODE", "debug"),
        ]);
        assert_eq!(faults.len(), 7, "{faults:?}");
    }

    #[test]
    fn a_profile_is_chosen_by_its_name() {
        assert_eq!(read(&[]).profile, Profile::Documented);
        assert_eq!(read(&[("AUTH_PROFILE", "django")]).profile, Profile::Django);
    }

    #[test]
    fn metrics_are_served_on_loopback_or_not_at_all() {
        assert_eq!(read(&[]).metrics, None);
        for good in ["127.0.0.1:9000", "[::1]:9000"] {
            assert_eq!(read(&[("METRICS_ADDR", good)]).metrics.unwrap().to_string(), good);
        }
        for bad in ["0.0.0.0:9000", "192.168.0.1:9000", "[::]:9000", "localhost:9000", "9000"] {
            assert_eq!(read(&[("METRICS_ADDR", bad)]).metrics, None);
            assert!(at_fault(&[("METRICS_ADDR", bad)])[0].starts_with("METRICS_ADDR"), "{bad}");
        }
    }

    #[test]
    fn a_value_that_is_no_secret_of_ours_is_not_shown() {
        let faults = at_fault(&[("DATABASE_URL", "oracle://u:hunter2@h/d"), ("REDIS_URL", "http://:hunter2@h")]);
        assert!(!format!("{faults:?}").contains("hunter2"));
    }

    #[test]
    fn empty_counts_as_unset() {
        let settings = read(&[("BIND_ADDR", ""), ("REDIS_URL", ""), ("TRUSTED_PROXIES", "")]);
        assert_eq!(settings.faults, []);
        assert_eq!(settings.bind, DEFAULT_BIND);
    }

    #[test]
    fn what_cannot_be_read_looks_like_nothing_that_develops() {
        assert!(!read(&[("BIND_ADDR", "localhost:3000")]).bind.ip().is_loopback());
        assert_eq!(read(&[("AUTH_MODE", "Development")]).mode, Some(Mode::Production));
        assert_eq!(read(&[("AUTH_MODE", "")]).mode, Some(Mode::Production));
    }
}
