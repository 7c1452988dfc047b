use std::ffi::OsString;
use std::fmt::Display;
use std::str::FromStr;

use auth_core::config::Fault;

use super::DOCUMENTED;

/// Where settings are read from: the environment of the process, or a map in a test.
pub struct Vars<'a>(&'a dyn Fn(&str) -> Option<OsString>);

impl<'a> Vars<'a> {
    /// Reads through `read`.
    pub fn new(read: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self(read)
    }

    /// The value. An empty one counts as unset, and so does one that [`Vars::unreadable`] reports.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        (self.0)(name)?.into_string().ok().filter(|value| !value.is_empty())
    }

    /// Whether somebody meant to set this, be it to nothing.
    #[must_use]
    pub fn is_mentioned(&self, name: &str) -> bool {
        (self.0)(name).is_some()
    }

    /// Every setting of both tables whose value is not text.
    #[must_use]
    pub fn unreadable(&self) -> Vec<Fault> {
        let library = auth_core::config::DOCUMENTED.iter().map(|setting| setting.name);
        let names = library.chain(DOCUMENTED.iter().map(|setting| setting.name));
        names
            .filter(|name| (self.0)(name).is_some_and(|value| value.into_string().is_err()))
            .map(|name| Fault::new(name, "it is not UTF-8", "Set it to text"))
            .collect()
    }

    pub(super) fn parsed<T>(&self, name: &'static str, mend: &'static str, faults: &mut Vec<Fault>) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        let parsed = T::from_str(&self.text(name)?);
        parsed.map_err(|problem| faults.push(Fault::new(name, problem.to_string(), mend))).ok()
    }
}

impl std::fmt::Debug for Vars<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vars(..)")
    }
}
