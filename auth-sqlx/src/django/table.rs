use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The longest name that PostgreSQL keeps whole.
const MAX_BYTES: usize = 63;

/// The name of a Django project's user table, for instance `auth_user` or `accounts_user`: ASCII
/// letters, digits and underscores, no digit first, at most 63 of them.
///
/// ```
/// use auth_sqlx::DjangoTable;
///
/// assert!("accounts_user".parse::<DjangoTable>().is_ok());
/// assert!("accounts_user; DROP TABLE accounts_user".parse::<DjangoTable>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DjangoTable(Box<str>);

impl DjangoTable {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DjangoTable {
    type Err = DjangoTableFault;

    fn from_str(name: &str) -> Result<Self, DjangoTableFault> {
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let begins_well = name.bytes().next().is_some_and(|first| !first.is_ascii_digit());
        if is_word && begins_well && name.len() <= MAX_BYTES { Ok(Self(name.into())) } else { Err(DjangoTableFault) }
    }
}

impl fmt::Display for DjangoTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no name of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is not 1 to 63 ASCII letters, digits and underscores that begin with no digit")]
pub struct DjangoTableFault;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_name_is_taken() {
        for name in ["auth_user", "Members", "_u", &"x".repeat(63)] {
            assert_eq!(name.parse::<DjangoTable>().unwrap().as_str(), name);
        }
        for name in ["", "1u", "a.b", "a b", "a\"b", "a`b", "a'b", "a$1", "a;b", "\u{fc}ser", "a\0", &"x".repeat(64)] {
            assert!(name.parse::<DjangoTable>().is_err(), "{name:?}");
        }
    }
}
