use std::borrow::Cow;
use std::fmt;

/// One thing that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The setting at fault, by its documented name.
    pub setting: &'static str,
    /// What is wrong with it. Never the value: it may be a secret.
    pub problem: Cow<'static, str>,
    /// What to do about it.
    pub mend: Cow<'static, str>,
}

impl Fault {
    /// A fault in `setting`.
    pub fn new(
        setting: &'static str,
        problem: impl Into<Cow<'static, str>>,
        mend: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { setting, problem: problem.into(), mend: mend.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {}.", self.setting, self.problem, self.mend)
    }
}

/// Everything that is wrong with a configuration, in one go.
///
/// `Debug` prints what `Display` prints, so that `fn main() -> Result<(), ConfigError>` is readable.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// In the order of the documentation; never empty.
    pub faults: Vec<Fault>,
}

impl ConfigError {
    /// `Ok` when there is no fault.
    ///
    /// # Errors
    /// With all `faults` when there are any.
    pub fn check(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }
}

impl From<Fault> for ConfigError {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings have {} fault(s):", self.faults.len())?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}
