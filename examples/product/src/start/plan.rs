use auth_core::config::{DOCUMENTED as LIBRARY, Fault};
use auth_core::store::MemoryStore;
use auth_core::{Auth, ConfigError, OsRandom, Settings};

use super::open::look_at;
use crate::development::{Circumstances, DatabaseState, DevelopmentKeys, StandIns};
use crate::settings::{DOCUMENTED, Mode, ServerSettings, Vars};

/// Settings that were all found good, and nothing done yet.
pub(super) struct Plan {
    pub(super) server: ServerSettings,
    pub(super) mode: Mode,
    /// For a database that has none.
    pub(super) keys: DevelopmentKeys,
}

impl Plan {
    pub(super) async fn make(vars: &Vars<'_>) -> Result<Self, ConfigError> {
        let server = ServerSettings::read(vars);
        let mut faults = vars.unreadable();
        add(&mut faults, server.faults.clone());
        let database = look_at(&server.database).await.unwrap_or_else(|fault| {
            add(&mut faults, vec![fault]);
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
        let keys = DevelopmentKeys::draw(&OsRandom).map_err(|error| no_randomness(&error))?;
        let plan = Self { server, mode, keys };
        add(&mut faults, plan.problems(vars));
        faults.sort_by_key(|fault| place_in_documentation(fault.setting));
        ConfigError::check(faults)?;
        Ok(plan)
    }

    /// The settings of the library, for a server that is reached at `base`.
    pub(super) fn settings(&self, vars: &Vars<'_>, base: &str, stand_ins: Option<&StandIns>) -> Settings {
        let settings = Settings::from_vars(|name| vars.text(name))
            .profile(self.server.profile)
            .service_name("Notes")
            .trusted_proxies(self.server.trusted_proxies.into());
        let settings = match &self.server.django {
            Some(django) => django.apply(settings),
            None => settings,
        };
        let settings = if self.server.limits { settings } else { settings.without_limits() };
        match stand_ins {
            Some(stand_ins) => stand_ins.complete(settings, base),
            None => settings,
        }
    }

    /// What the library says about its settings. Silent, since the real build says it again.
    fn problems(&self, vars: &Vars<'_>) -> Vec<Fault> {
        let stand_ins = (self.mode == Mode::Development).then(|| StandIns::new(vars, self.keys.clone()));
        let settings = self.settings(vars, &format!("http://{}", self.server.bind), stand_ins.as_ref());
        let silent = tracing::subscriber::set_default(tracing::subscriber::NoSubscriber::default());
        let built = Auth::builder(settings, MemoryStore::default()).build();
        drop(silent);
        built.err().map(|error| error.faults).unwrap_or_default()
    }
}

fn no_randomness(error: &auth_core::RandomError) -> Fault {
    Fault::new("AUTH_MODE", error.to_string(), "Check the random source of this machine")
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
    let mut names = LIBRARY.iter().map(|known| known.name).chain(DOCUMENTED.iter().map(|known| known.name));
    names.position(|name| name == setting).unwrap_or(usize::MAX)
}
