use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use super::conduct::{Conduct, RestoreRequests};
use super::{Settings, SignupIdentity};
use crate::account::NameRule;
use crate::mail::{LinkForm, MessageKind, Part, TemplateName};

/// Which interface clients meet.
///
/// A profile gives other defaults; what a setter says, before or after it, stands.
///
/// ```
/// use auth_core::Settings;
/// use auth_core::config::Profile;
///
/// let settings = Settings::from_env().profile(Profile::Django);
/// assert_eq!("django".parse(), Ok(Profile::Django));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// The documented one.
    #[default]
    Documented,
    /// That of the Python service which this library takes over from.
    Django,
}

/// There is no profile of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is not a profile")]
pub struct UnknownProfile;

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        match text {
            "documented" => Ok(Self::Documented),
            "django" => Ok(Self::Django),
            _ => Err(UnknownProfile),
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);

const DOCUMENTED: Conduct = Conduct {
    token_life: MINUTE.saturating_mul(15),
    restore_life: MINUTE.saturating_mul(30),
    identity: SignupIdentity::EmailOrUsername,
    names: NameRule::Apart,
    records_last_login: true,
    password_notice: true,
    restore_requests: RestoreRequests::Addresses,
    restore_link: LinkForm::AsWritten,
    legacy_tokens: false,
};

const DJANGO: Conduct = Conduct {
    token_life: MINUTE.saturating_mul(1_440),
    restore_life: MINUTE.saturating_mul(1_440),
    identity: SignupIdentity::EmailAndMaybeUsername,
    names: NameRule::Django,
    records_last_login: false,
    password_notice: false,
    restore_requests: RestoreRequests::AnyText,
    restore_link: LinkForm::SlashBeforeQuery,
    legacy_tokens: true,
};

/// The mail of the Python service: a subject and the bare link.
const DJANGO_MAIL: [(TemplateName, &str); 3] = [
    (TemplateName::new(MessageKind::Restore, Part::Subject), "Restoring password"),
    (TemplateName::new(MessageKind::Restore, Part::Text), "{{ link }}"),
    (TemplateName::new(MessageKind::Restore, Part::Html), ""),
];

impl Profile {
    pub(super) const fn conduct(self) -> Conduct {
        match self {
            Self::Documented => DOCUMENTED,
            Self::Django => DJANGO,
        }
    }

    /// Its own templates of mails.
    pub(super) const fn mail(self) -> &'static [(TemplateName, &'static str)] {
        match self {
            Self::Documented => &[],
            Self::Django => &DJANGO_MAIL,
        }
    }
}

impl Settings {
    /// Which interface clients meet; the documented one by default.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.choices.profile = profile;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_profiles_are_read() {
        assert_eq!("documented".parse(), Ok(Profile::Documented));
        assert_eq!("Django".parse::<Profile>(), Err(UnknownProfile));
    }
}
