use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use super::{Settings, SignupIdentity};
use crate::account::NameRule;
use crate::clock::Timestamp;
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

/// What `/restore` takes for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RestoreRequests {
    /// An address, and nothing else.
    Addresses,
    /// Any text that fits the column, answered the same whether or not somebody has it.
    AnyText,
}

/// How the actions behave where profiles differ.
#[derive(Clone, Copy)]
pub(crate) struct Conduct {
    pub(crate) token_life: Duration,
    pub(crate) restore_life: Duration,
    pub(crate) identity: SignupIdentity,
    pub(crate) names: NameRule,
    pub(crate) records_last_login: bool,
    pub(crate) password_notice: bool,
    pub(crate) restore_requests: RestoreRequests,
    pub(crate) restore_link: LinkForm,
    /// Whether tokens without a session are honoured, where the stores know of a takeover.
    pub(crate) legacy_tokens: bool,
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
    const fn conduct(self) -> Conduct {
        match self {
            Self::Documented => DOCUMENTED,
            Self::Django => DJANGO,
        }
    }

    const fn mail(self) -> &'static [(TemplateName, &'static str)] {
        match self {
            Self::Documented => &[],
            Self::Django => &DJANGO_MAIL,
        }
    }
}

/// What the host chose itself; the rest is the profile's.
#[derive(Clone, Default)]
pub(super) struct Choices {
    pub(super) profile: Profile,
    pub(super) token_life: Option<Duration>,
    pub(super) restore_life: Option<Duration>,
    pub(super) identity: Option<SignupIdentity>,
    pub(super) legacy_tokens: Option<bool>,
    pub(super) legacy_tokens_until: Option<Timestamp>,
    names: Option<NameRule>,
    records_last_login: Option<bool>,
    password_notice: Option<bool>,
}

impl Choices {
    pub(super) fn conduct(&self) -> Conduct {
        let profile = self.profile.conduct();
        Conduct {
            token_life: self.token_life.unwrap_or(profile.token_life),
            restore_life: self.restore_life.unwrap_or(profile.restore_life),
            identity: self.identity.unwrap_or(profile.identity),
            names: self.names.unwrap_or(profile.names),
            records_last_login: self.records_last_login.unwrap_or(profile.records_last_login),
            password_notice: self.password_notice.unwrap_or(profile.password_notice),
            legacy_tokens: self.legacy_tokens.unwrap_or(profile.legacy_tokens),
            ..profile
        }
    }

    /// The profile's templates below the host's own, which win.
    pub(super) fn templates(&self, own: &[(TemplateName, String)]) -> Vec<(TemplateName, String)> {
        let profile = self.profile.mail().iter().map(|(name, source)| (*name, (*source).to_owned()));
        profile.chain(own.iter().cloned()).collect()
    }
}

impl Settings {
    /// Which interface clients meet; the documented one by default.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.choices.profile = profile;
        self
    }

    /// Which usernames and addresses a new account may have; [`NameRule::Apart`] by default.
    #[must_use]
    pub fn names(mut self, rule: NameRule) -> Self {
        self.choices.names = Some(rule);
        self
    }

    /// Whether a sign-in writes its moment to the account (`last_login`); on by default.
    #[must_use]
    pub fn record_last_login(mut self, on: bool) -> Self {
        self.choices.records_last_login = Some(on);
        self
    }

    /// Whether the owner of an account gets a mail after their password was changed; on by default.
    #[must_use]
    pub fn password_notice(mut self, on: bool) -> Self {
        self.choices.password_notice = Some(on);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_sets_stands_whether_before_the_profile_or_after_it() {
        let before = Settings::default().jwt_exp(MINUTE).profile(Profile::Django);
        let after = Settings::default().profile(Profile::Django).jwt_exp(MINUTE);
        for settings in [before, after] {
            let conduct = settings.choices.conduct();
            assert_eq!((conduct.token_life, conduct.restore_life), (MINUTE, MINUTE * 1_440));
        }
    }

    #[test]
    fn a_template_of_the_host_wins_over_that_of_the_profile() {
        let choices = Choices { profile: Profile::Django, ..Choices::default() };
        let own = (TemplateName::new(MessageKind::Restore, Part::Subject), "Ours".to_owned());
        assert_eq!(choices.templates(std::slice::from_ref(&own)).last(), Some(&own));
    }

    #[test]
    fn only_the_names_of_profiles_are_read() {
        assert_eq!("documented".parse(), Ok(Profile::Documented));
        assert_eq!("Django".parse::<Profile>(), Err(UnknownProfile));
    }
}
