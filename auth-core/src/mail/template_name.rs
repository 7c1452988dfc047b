use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageKind {
    /// The link to set a new password. Has `link` and `expires_in`.
    Restore,
    /// The notice that a password was changed.
    PasswordChanged,
    /// The welcome to a new account.
    Welcome,
    /// The notice to an owner that somebody tried to sign up with their address.
    AddressTaken,
}

impl MessageKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Restore, Self::PasswordChanged, Self::Welcome, Self::AddressTaken];

    /// The name, as in a template's.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Restore => "restore",
            Self::PasswordChanged => "password_changed",
            Self::Welcome => "welcome",
            Self::AddressTaken => "address_taken",
        }
    }

    /// The kind with this name, as a store kept it.
    #[must_use]
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A part of a mail that has a template of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The subject; line breaks become spaces.
    Subject,
    /// The plain text.
    Text,
    /// The same in HTML, escaped by itself. Rendered to nothing, the mail is plain text only.
    Html,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Subject, Self::Text, Self::Html];

    /// The name, as in a template's.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "txt",
            Self::Html => "html",
        }
    }
}

/// The name of a template, which is its file name too: `restore.txt`, `welcome.subject`.
///
/// ```
/// use auth_core::mail::{MessageKind, Part, TemplateName};
///
/// let name: TemplateName = "restore.html".parse()?;
/// assert_eq!(name, TemplateName::new(MessageKind::Restore, Part::Html));
/// # Ok::<(), auth_core::mail::UnknownTemplate>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TemplateName {
    kind: MessageKind,
    part: Part,
}

impl TemplateName {
    /// The template of this part of these mails.
    #[must_use]
    pub const fn new(kind: MessageKind, part: Part) -> Self {
        Self { kind, part }
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        MessageKind::ALL.into_iter().flat_map(|kind| Part::ALL.map(|part| Self { kind, part }))
    }

    /// What the mail is about.
    #[must_use]
    pub const fn kind(self) -> MessageKind {
        self.kind
    }

    /// Which part of it.
    #[must_use]
    pub const fn part(self) -> Part {
        self.part
    }
}

impl fmt::Display for TemplateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind.as_str(), self.part.as_str())
    }
}

impl FromStr for TemplateName {
    type Err = UnknownTemplate;

    fn from_str(text: &str) -> Result<Self, UnknownTemplate> {
        Self::all().find(|name| name.to_string() == text).ok_or(UnknownTemplate)
    }
}

/// There is no template of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there is no template of this name")]
pub struct UnknownTemplate;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        assert_eq!(TemplateName::all().count(), 12);
        for name in TemplateName::all() {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        assert_eq!("restore.pdf".parse::<TemplateName>(), Err(UnknownTemplate));
    }
}
