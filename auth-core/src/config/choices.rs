use std::time::Duration;

use super::conduct::Conduct;
use super::{Profile, Settings, SignupIdentity};
use crate::account::NameRule;
use crate::clock::Timestamp;
use crate::mail::TemplateName;

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
    /// Which usernames and addresses a new account may have; [`NameRule::Apart`] by
    /// default, [`NameRule::Django`] in the profile `django`.
    #[must_use]
    pub fn names(mut self, rule: NameRule) -> Self {
        self.choices.names = Some(rule);
        self
    }

    /// Whether a sign-in writes its moment to the account (`last_login`); on by
    /// default, off in the profile `django`.
    #[must_use]
    pub fn record_last_login(mut self, on: bool) -> Self {
        self.choices.records_last_login = Some(on);
        self
    }

    /// Whether the owner of an account gets a mail after their password was changed; on
    /// by default, off in the profile `django`.
    #[must_use]
    pub fn password_notice(mut self, on: bool) -> Self {
        self.choices.password_notice = Some(on);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{MessageKind, Part};

    const MINUTE: Duration = Duration::from_secs(60);

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
}
