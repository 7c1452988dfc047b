use std::str::FromStr;

use auth_core::config::{Fault, Profile};
use auth_core::password::{ForeignHash, HashFormat, Pbkdf2Iterations};
use auth_core::{Settings, Timestamp};
use auth_sqlx::DjangoTable;

use super::{Database, Vars};

const TABLE: &str = "AUTH_DJANGO_TABLE";
const HASH: &str = "AUTH_DJANGO_HASH";
const UNTIL: &str = "LEGACY_TOKENS_UNTIL";

/// The user table of a Django project to serve from, and what goes with it.
#[derive(Debug, Clone)]
pub struct DjangoSettings {
    /// `AUTH_DJANGO_TABLE`.
    pub table: DjangoTable,
    /// `AUTH_DJANGO_HASH`.
    hash: DjangoHash,
    /// `LEGACY_TOKENS_UNTIL`.
    until: Option<Timestamp>,
}

/// How new passwords are written in the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum DjangoHash {
    #[default]
    Pbkdf2Sha256,
    Argon2,
}

impl FromStr for DjangoHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "pbkdf2_sha256" => Ok(Self::Pbkdf2Sha256),
            "argon2" => Ok(Self::Argon2),
            _ => Err("it is no format that is written here"),
        }
    }
}

impl DjangoSettings {
    pub(super) fn read(
        vars: &Vars<'_>,
        database: &Database,
        profile: Profile,
        faults: &mut Vec<Fault>,
    ) -> Option<Self> {
        let table = vars.parsed(TABLE, "Use the name of the project's user table, for instance accounts_user", faults);
        let hash: Option<DjangoHash> = vars.parsed(HASH, "Use pbkdf2_sha256 or argon2", faults);
        let until = vars.text(UNTIL).and_then(|text| {
            let until = Timestamp::parse_rfc3339(&text);
            if until.is_none() {
                faults.push(Fault::new(UNTIL, "it is not a moment", "Use RFC 3339, for instance 2030-01-31T00:00:00Z"));
            }
            until
        });
        if vars.text(TABLE).is_none() {
            let mend = "Set AUTH_DJANGO_TABLE, or leave it out";
            let alone = [HASH, UNTIL].into_iter().filter(|name| vars.text(name).is_some());
            faults.extend(alone.map(|name| Fault::new(name, "there is no table of a Django project", mend)));
        } else if *database == Database::Memory {
            faults.push(Fault::new(TABLE, "there is none in memory", "Name the project's database in DATABASE_URL"));
        } else if until.is_some() && profile != Profile::Django {
            let problem = "only the profile django honours tokens of the Python service";
            faults.push(Fault::new(UNTIL, problem, "Set AUTH_PROFILE=django, or leave it out"));
        }
        Some(Self { table: table?, hash: hash.unwrap_or_default(), until })
    }

    /// What the library is to know of it.
    #[must_use]
    pub fn apply(&self, settings: Settings) -> Settings {
        let format = match self.hash {
            DjangoHash::Pbkdf2Sha256 => HashFormat::DjangoPbkdf2Sha256(Pbkdf2Iterations::default()),
            DjangoHash::Argon2 => HashFormat::DjangoArgon2,
        };
        let settings = settings.foreign_hashes(ForeignHash::DJANGO).hash_format(format);
        match self.until {
            Some(until) => settings.legacy_tokens_until(until),
            None => settings,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn read(given: &[(&str, &str)], profile: Profile) -> (Option<DjangoSettings>, Vec<String>) {
        let read = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        let database = if given.contains(&("DATABASE_URL", "memory:")) {
            Database::Memory
        } else {
            Database::Sqlite("sqlite://db.sqlite3".to_owned())
        };
        let mut faults = Vec::new();
        let settings = DjangoSettings::read(&Vars::new(&read), &database, profile, &mut faults);
        (settings, faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_table_alone_is_enough_and_is_written_in_the_format_that_every_django_reads() {
        let (settings, faults) = read(&[(TABLE, "accounts_user")], Profile::Documented);
        let settings = settings.unwrap();
        assert_eq!((settings.table.as_str(), settings.hash), ("accounts_user", DjangoHash::Pbkdf2Sha256));
        assert_eq!((settings.until, faults), (None, vec![]));
    }

    #[test]
    fn everything_is_read() {
        let given = [(TABLE, "auth_user"), (HASH, "argon2"), (UNTIL, "2030-01-01T00:00:00Z")];
        let (settings, faults) = read(&given, Profile::Django);
        let settings = settings.unwrap();
        assert_eq!(
            (settings.hash, settings.until.map(Timestamp::unix_seconds)),
            (DjangoHash::Argon2, Some(1_893_456_000))
        );
        assert_eq!(faults, [""; 0]);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (given, profile, named) in [
            (vec![(TABLE, "a; DROP TABLE a")], Profile::Django, TABLE),
            (vec![(TABLE, "a"), (HASH, "md5")], Profile::Django, HASH),
            (vec![(TABLE, "a"), (UNTIL, "tomorrow")], Profile::Django, UNTIL),
            (vec![(TABLE, "a"), (UNTIL, "2030-01-01T00:00:00Z")], Profile::Documented, UNTIL),
            (vec![(TABLE, "a"), ("DATABASE_URL", "memory:")], Profile::Django, TABLE),
            (vec![(HASH, "argon2")], Profile::Django, HASH),
            (vec![(UNTIL, "2030-01-01T00:00:00Z")], Profile::Django, UNTIL),
        ] {
            let (_, faults) = read(&given, profile);
            assert_eq!(faults.len(), 1, "{given:?}: {faults:?}");
            assert!(faults[0].starts_with(named), "{faults:?}");
        }
    }
}
