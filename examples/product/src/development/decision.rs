use std::net::SocketAddr;

use auth_core::config::Fault;

use crate::settings::{Mode, Vars};

/// What a database says about itself before anybody has written to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseState {
    /// There is none yet, or nothing in it.
    New,
    /// A start in development has marked it.
    Development,
    /// A start in production has marked it.
    Production,
    /// There is something in it, and no mark.
    Used,
}

/// Everything that development mode depends on.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// Whether this program was built without optimisation.
    pub debug_build: bool,
    /// Where the server is to listen.
    pub bind: SocketAddr,
    /// `AUTH_MODE`.
    pub mode: Option<Mode>,
    /// The library's settings that somebody meant to set, be it to nothing.
    pub mentioned: Vec<&'static str>,
    /// The state of the database.
    pub database: DatabaseState,
}

const SECRET: &str = "JWT_SECRET";

impl Circumstances {
    /// The library's settings that are mentioned in `vars`.
    #[must_use]
    pub fn mentioned(vars: &Vars<'_>) -> Vec<&'static str> {
        let names = auth_core::config::DOCUMENTED.iter().map(|setting| setting.name);
        names.filter(|name| vars.is_mentioned(name)).collect()
    }

    /// The mode to run in.
    ///
    /// Without a `JWT_SECRET` it is development only where nothing speaks against it. An
    /// `AUTH_MODE=development` overrules the build and the other settings, never the address or
    /// the database.
    ///
    /// # Errors
    /// With the settings at fault when it is neither.
    pub fn decide(&self) -> Result<Mode, Vec<Fault>> {
        match self.mode {
            Some(Mode::Development) => self.demanded(),
            None if !self.mentioned.contains(&SECRET) => self.undeclared(),
            Some(Mode::Production) | None => self.production(),
        }
    }

    fn production(&self) -> Result<Mode, Vec<Fault>> {
        if self.database == DatabaseState::Development {
            return Err(vec![Fault::new(
                "DATABASE_URL",
                "this database is marked as one of development",
                "Name another database. This start is for production because JWT_SECRET is set: unset it to develop",
            )]);
        }
        Ok(Mode::Production)
    }

    fn demanded(&self) -> Result<Mode, Vec<Fault>> {
        let mut faults = Vec::new();
        if !self.is_local() {
            let mend = "Use 127.0.0.1:3000 or so, or another AUTH_MODE";
            faults.push(Fault::new("BIND_ADDR", "development mode listens on loopback only", mend));
        }
        if !self.is_disposable() {
            let mend = "Name a new database, or use another AUTH_MODE";
            faults.push(Fault::new("DATABASE_URL", "this database was not made in development", mend));
        }
        if faults.is_empty() { Ok(Mode::Development) } else { Err(faults) }
    }

    fn undeclared(&self) -> Result<Mode, Vec<Fault>> {
        let obstacles = self.obstacles();
        if obstacles.is_empty() {
            return Ok(Mode::Development);
        }
        let mend = format!(
            "Set it to at least 32 random bytes, or to a PEM private key. Development mode, which does without, was \
             not entered: {}",
            obstacles.join("; ")
        );
        Err(vec![Fault::new(SECRET, "it is missing", mend)])
    }

    fn obstacles(&self) -> Vec<String> {
        let mut obstacles = Vec::new();
        if !self.debug_build {
            obstacles.push("this is a release build".to_owned());
        }
        if !self.is_local() {
            obstacles.push("BIND_ADDR is not a loopback address".to_owned());
        }
        obstacles.extend(self.mentioned.iter().map(|name| format!("{name} is set")));
        if !self.is_disposable() {
            obstacles.push("the database of DATABASE_URL was not made in development".to_owned());
        }
        obstacles
    }

    fn is_local(&self) -> bool {
        self.bind.ip().is_loopback()
    }

    fn is_disposable(&self) -> bool {
        matches!(self.database, DatabaseState::New | DatabaseState::Development)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A newcomer's first `cargo run`.
    fn newcomer() -> Circumstances {
        Circumstances {
            debug_build: true,
            bind: "127.0.0.1:3000".parse().unwrap(),
            mode: None,
            mentioned: Vec::new(),
            database: DatabaseState::New,
        }
    }

    fn demanded() -> Circumstances {
        Circumstances { mode: Some(Mode::Development), ..newcomer() }
    }

    #[track_caller]
    fn refused(circumstances: &Circumstances, setting: &str, reason: &str) {
        let faults = circumstances.decide().unwrap_err();
        let named = |fault: &Fault| fault.setting == setting && fault.to_string().contains(reason);
        assert!(faults.iter().any(named), "{faults:?}");
    }

    #[test]
    fn a_newcomer_develops_and_so_does_their_restart() {
        assert_eq!(newcomer().decide(), Ok(Mode::Development));
        let restart = Circumstances { database: DatabaseState::Development, ..newcomer() };
        assert_eq!(restart.decide(), Ok(Mode::Development));
    }

    #[test]
    fn a_release_build_that_lost_its_secret_does_not_develop() {
        refused(&Circumstances { debug_build: false, ..newcomer() }, SECRET, "release build");
    }

    #[test]
    fn a_server_on_the_network_that_lost_its_secret_does_not_develop() {
        for bind in ["0.0.0.0:3000", "[::]:3000", "192.168.1.2:3000", "[::ffff:10.0.0.1]:80"] {
            let circumstances = Circumstances { bind: bind.parse().unwrap(), ..newcomer() };
            refused(&circumstances, SECRET, "BIND_ADDR");
        }
    }

    #[test]
    fn a_server_with_any_other_setting_that_lost_its_secret_does_not_develop() {
        for other in auth_core::config::DOCUMENTED.iter().map(|setting| setting.name).filter(|name| *name != SECRET) {
            refused(&Circumstances { mentioned: vec![other], ..newcomer() }, SECRET, &format!("{other} is set"));
        }
    }

    #[test]
    fn a_server_whose_secret_became_empty_does_not_develop() {
        let circumstances = Circumstances { mentioned: vec![SECRET], ..newcomer() };
        assert_eq!(circumstances.decide(), Ok(Mode::Production));
    }

    #[test]
    fn a_server_on_a_used_database_that_lost_its_secret_does_not_develop() {
        for database in [DatabaseState::Used, DatabaseState::Production] {
            refused(&Circumstances { database, ..newcomer() }, SECRET, "DATABASE_URL");
        }
    }

    #[test]
    fn all_obstacles_are_named_at_once() {
        let circumstances = Circumstances {
            debug_build: false,
            bind: "0.0.0.0:80".parse().unwrap(),
            mentioned: vec!["FROM_EMAIL", "EMAIL_HOST"],
            database: DatabaseState::Used,
            mode: None,
        };
        let text = format!("{:?}", circumstances.decide().unwrap_err());
        for obstacle in ["release build", "BIND_ADDR", "FROM_EMAIL", "EMAIL_HOST", "DATABASE_URL"] {
            assert!(text.contains(obstacle), "{text}");
        }
    }

    #[test]
    fn declared_production_never_develops() {
        let circumstances = Circumstances { mode: Some(Mode::Production), ..newcomer() };
        assert_eq!(circumstances.decide(), Ok(Mode::Production));
    }

    #[test]
    fn declared_development_overrules_build_and_settings() {
        let circumstances =
            Circumstances { debug_build: false, mentioned: vec![SECRET, "EMAIL_BACKEND"], ..demanded() };
        assert_eq!(circumstances.decide(), Ok(Mode::Development));
    }

    #[test]
    fn declared_development_overrules_neither_address_nor_database() {
        refused(&Circumstances { bind: "0.0.0.0:3000".parse().unwrap(), ..demanded() }, "BIND_ADDR", "loopback");
        for database in [DatabaseState::Used, DatabaseState::Production] {
            refused(&Circumstances { database, ..demanded() }, "DATABASE_URL", "not made in development");
        }
    }

    #[test]
    fn production_refuses_a_database_of_development() {
        let marked = Circumstances { database: DatabaseState::Development, ..newcomer() };
        refused(&Circumstances { mode: Some(Mode::Production), ..marked.clone() }, "DATABASE_URL", "marked");
        refused(&Circumstances { mentioned: vec![SECRET], ..marked }, "DATABASE_URL", "marked");
    }
}
