use std::sync::Arc;
use std::time::Duration;

use super::{Conduct, ConfigError, DeliveryChoice, Fault, Legacy, Profile, Settings, SignupIdentity};
use crate::mail::{Mailer, RestoreUrl, Sender, Templates};
use crate::password::{HashingSettings, PasswordPolicy};
use crate::restore::RestoreKeys;
use crate::session::{Lifetimes, RotationPolicy};
use crate::throttle::{AttemptKeys, Throttling};
use crate::token::KeyRing;

/// Settings that were checked: what the actions work with.
pub(crate) struct Validated {
    pub(crate) profile: Profile,
    pub(crate) legacy: Legacy,
    pub(crate) conduct: Conduct,
    pub(crate) keys: KeyRing,
    pub(crate) role: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) leeway: Duration,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) rotation: RotationPolicy,
    pub(crate) validation_checks_session: bool,
    pub(crate) mailer: Arc<dyn Mailer>,
    pub(crate) sender: Sender,
    pub(crate) templates: Templates,
    pub(crate) restore_keys: RestoreKeys,
    pub(crate) restore_url: RestoreUrl,
    pub(crate) policy: PasswordPolicy,
    pub(crate) hashing: HashingSettings,
    /// Only where hashes of several programs are read.
    pub(crate) failed_signin_step: Option<Duration>,
    pub(crate) enumeration_safe_signup: bool,
    pub(crate) signup_attributes: Vec<String>,
    pub(crate) public_attributes: Vec<String>,
    pub(crate) trusted_proxies: usize,
    /// `None` where the limits are off.
    pub(crate) throttling: Option<Throttling>,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);

/// The keys of the user object that belong to us.
const RESERVED: [&str; 12] = [
    "id",
    "username",
    "email",
    "is_active",
    "date_joined",
    "last_login",
    "password",
    "email_as_name",
    "epoch",
    "restoring_token",
    "roles",
    "status",
];

impl Validated {
    /// Checks everything and reports every fault.
    pub(crate) fn check(settings: Settings, delivery: DeliveryChoice) -> Result<Self, ConfigError> {
        let mut faults = Faults(settings.faults.clone());
        let conduct = settings.choices.conduct();
        faults.durations(&settings, &conduct);
        faults.signup(&settings, &conduct);
        faults.hashes(&settings);
        faults.limits(&settings);
        faults.attributes("public_attributes", &settings.public_attributes);
        faults.attributes("signup_attributes", &settings.signup_attributes);
        let keys = faults.keys(&settings);
        let sender = faults.sender(&settings, &delivery);
        let mailer = match delivery {
            DeliveryChoice::Host(mailer) => Some(mailer),
            DeliveryChoice::Settings => faults.collect(settings.mail_backend.mailer()),
        };
        let restore_keys = faults.restore_keys(&settings);
        let restore_url = faults.restore_url(&settings, &conduct);
        let templates = faults.collect(Templates::new(settings.choices.templates(&settings.templates)));
        let throttling = throttling(&settings);
        warn(&settings);
        match (keys, sender, mailer, restore_keys, restore_url, templates) {
            (Some(keys), Some(sender), Some(mailer), Some(restore_keys), Some(restore_url), Some(templates))
                if faults.0.is_empty() =>
            {
                Ok(Self {
                    profile: settings.choices.profile,
                    legacy: Legacy::of(&settings),
                    conduct,
                    keys,
                    role: settings.jwt_role,
                    issuer: settings.issuer,
                    audience: settings.audience,
                    leeway: settings.leeway,
                    lifetimes: Lifetimes { token: conduct.token_life, absolute: settings.session_absolute },
                    rotation: RotationPolicy { grace: settings.refresh_grace, idle: settings.session_idle },
                    validation_checks_session: settings.validation_checks_session,
                    mailer,
                    sender,
                    templates: templates.with_service(&settings.service_name),
                    restore_keys,
                    restore_url,
                    policy: settings.policy.and_context_word(&settings.service_name),
                    failed_signin_step: settings.hashing.mixes_formats().then_some(settings.failed_signin_step),
                    hashing: settings.hashing,
                    enumeration_safe_signup: settings.enumeration_safe_signup,
                    signup_attributes: settings.signup_attributes,
                    public_attributes: settings.public_attributes,
                    trusted_proxies: settings.trusted_proxies,
                    throttling,
                })
            }
            _ => Err(ConfigError { faults: faults.0 }),
        }
    }
}

struct Faults(Vec<Fault>);

impl Faults {
    fn push(&mut self, setting: &'static str, problem: impl Into<std::borrow::Cow<'static, str>>, mend: &'static str) {
        // A value that could not be read was reported where it was read.
        if !self.0.iter().any(|fault| fault.setting == setting) {
            self.0.push(Fault::new(setting, problem, mend));
        }
    }

    fn collect<T>(&mut self, result: Result<T, Vec<Fault>>) -> Option<T> {
        result.map_err(|faults| self.0.extend(faults)).ok()
    }

    fn durations(&mut self, settings: &Settings, conduct: &Conduct) {
        let second = Duration::from_secs(1);
        if conduct.token_life < second {
            self.push("JWT_EXP", "it is under one second", "Give tokens a life");
        }
        if conduct.restore_life < second || conduct.restore_life > DAY {
            self.push("EMAIL_TOKEN_EXP", "it is not between one second and 24 hours", "Use 30 minutes or so");
        }
        if settings.session_absolute < second || settings.session_absolute > 30 * DAY {
            self.push("session_absolute", "it is not between one second and 30 days", "Use at most 30 days");
        }
        if settings.session_idle < second {
            self.push("session_idle", "it is under one second", "Give sessions time to rest");
        }
        if settings.refresh_grace > MINUTE {
            self.push("refresh_grace", "it is over a minute", "Use 10 seconds or so");
        }
        if settings.leeway > MINUTE {
            self.push("leeway", "it is over a minute", "Set the clocks of the servers");
        }
    }

    fn signup(&mut self, settings: &Settings, conduct: &Conduct) {
        if settings.enumeration_safe_signup && conduct.identity != SignupIdentity::EmailOrUsername {
            self.push(
                "enumeration_safe_signup",
                "a username that is used up or still free tells whether the address beside it had an account",
                "Let people sign up with an address alone, or turn it off",
            );
        }
    }

    fn hashes(&mut self, settings: &Settings) {
        if settings.hashing.format.foreign().is_some() && settings.hashing.has_peppers() {
            self.push("peppers", "no other program reads a hash with a pepper", "Drop hash_format or the peppers");
        }
        if !(Duration::from_millis(1)..=5 * SECOND).contains(&settings.failed_signin_step) {
            self.push("failed_signin_step", "it is not between a millisecond and five seconds", "Use 250 milliseconds");
        }
    }

    fn limits(&mut self, settings: &Settings) {
        if let Some(problem) = settings.limits.as_ref().and_then(super::limits::fault) {
            self.push("limits", problem, "Change `Limits::default()` a little");
        }
    }

    fn attributes(&mut self, setting: &'static str, names: &[String]) {
        if names.iter().any(|name| name.is_empty() || RESERVED.contains(&name.as_str())) {
            self.push(setting, "a name in it is one of our own", "Rename the attribute");
        }
    }

    fn keys(&mut self, settings: &Settings) -> Option<KeyRing> {
        if let Some(secret) = &settings.jwt_secret {
            return self.collect(KeyRing::new(settings.jwt_algorithm, secret, &settings.jwt_verifying));
        }
        self.push("JWT_SECRET", "it is missing", "Make one with `openssl rand -base64 48`, or give a PEM private key");
        None
    }

    fn sender(&mut self, settings: &Settings, delivery: &DeliveryChoice) -> Option<Sender> {
        let needed = matches!(delivery, DeliveryChoice::Settings) && settings.mail_backend.needs_sender();
        let text = match &settings.from_email {
            Some(text) => text,
            None if needed => {
                self.push(
                    "FROM_EMAIL",
                    "it is missing",
                    "Set it to the address that mails come from, or EMAIL_BACKEND to console while you try things out",
                );
                return None;
            }
            None => "no-reply@localhost",
        };
        let sender = text.parse().ok();
        if sender.is_none() {
            self.push("FROM_EMAIL", "it is not an address", "Use a@example.org or Name <a@example.org>");
        }
        sender
    }

    fn restore_keys(&mut self, settings: &Settings) -> Option<RestoreKeys> {
        if settings.email_encrypt_keys.iter().any(crate::restore::EncryptKey::is_constant) {
            self.push("EMAIL_ENCRYPT_KEY", "all bytes are the same", "Draw 32 random bytes");
        }
        let keys = RestoreKeys::new(&settings.email_encrypt_keys);
        if keys.is_none() {
            self.push("EMAIL_ENCRYPT_KEY", "it is missing", "Make one with `openssl rand -base64 32 | tr '+/' '-_'`");
        }
        keys
    }

    fn restore_url(&mut self, settings: &Settings, conduct: &Conduct) -> Option<RestoreUrl> {
        let Some(text) = &settings.path_to_restore else {
            self.push("PATH_TO_RESTORE", "it is missing", "Set it to the front-end's page for a new password");
            return None;
        };
        let url = text.parse::<RestoreUrl>().map_err(|fault| {
            self.push("PATH_TO_RESTORE", fault.to_string(), "Use an absolute https URL, or http to loopback");
        });
        url.ok().map(|url| url.with_form(conduct.restore_link))
    }
}

/// Without a key to derive from there is a fault, and then nothing is built.
fn throttling(settings: &Settings) -> Option<Throttling> {
    let keys = settings.email_encrypt_keys.first().and_then(AttemptKeys::new)?;
    settings.limits.clone().map(|limits| Throttling::new(limits, keys))
}

/// What is allowed and worth a look.
fn warn(settings: &Settings) {
    if settings.development {
        tracing::warn!("DEVELOPMENT SETTINGS: the keys are random and forgotten at exit, mail goes to the console");
    }
    if settings.limits.is_none() {
        tracing::warn!("LIMITS ARE OFF: nobody counts how often a password is tried or a mail is asked for");
    }
    if let Some(role @ ("postgres" | "root")) = settings.jwt_role.as_deref() {
        tracing::warn!("JWT_ROLE is `{role}`: a gateway that trusts it gives every user the rights of a superuser");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::{ForeignHash, HashFormat};
    use crate::restore::EncryptKey;
    use crate::token::KeyMaterial;

    fn settings() -> Settings {
        let secret = KeyMaterial::secret("Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUE");
        let key = EncryptKey::parse("Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUE=").unwrap();
        Settings::new(secret, key, "https://app.example/restore").mail_backend(super::super::MailBackend::Console)
    }

    fn faults(settings: Settings) -> Vec<&'static str> {
        let checked = Validated::check(settings, DeliveryChoice::Settings);
        checked.err().map_or(Vec::new(), |error| error.faults.iter().map(|fault| fault.setting).collect())
    }

    #[test]
    fn what_is_missing_is_reported_at_once() {
        assert_eq!(faults(settings()), [""; 0]);
        let missing = ["JWT_SECRET", "FROM_EMAIL", "EMAIL_ENCRYPT_KEY", "PATH_TO_RESTORE"];
        assert_eq!(faults(Settings::default()), missing);
    }

    #[test]
    fn a_value_that_cannot_be_read_is_not_reported_as_missing_too() {
        let bad = Settings::from_vars(|name| (name == "EMAIL_ENCRYPT_KEY").then(|| "short".to_owned()));
        assert_eq!(faults(bad).iter().filter(|setting| **setting == "EMAIL_ENCRYPT_KEY").count(), 1);
    }

    #[test]
    fn times_have_bounds() {
        let minute = MINUTE + Duration::from_secs(1);
        assert_eq!(faults(settings().jwt_exp(Duration::ZERO)), ["JWT_EXP"]);
        assert_eq!(faults(settings().email_token_exp(2 * DAY)), ["EMAIL_TOKEN_EXP"]);
        assert_eq!(faults(settings().session_absolute(31 * DAY)), ["session_absolute"]);
        assert_eq!(faults(settings().session_idle(Duration::ZERO)), ["session_idle"]);
        assert_eq!(faults(settings().refresh_grace(minute).leeway(minute)), ["refresh_grace", "leeway"]);
    }

    #[test]
    fn what_a_django_project_reads_has_no_pepper() {
        let peppers = || crate::password::Peppers::new([crate::password::Pepper::new("1", [7; 32]).unwrap()]).unwrap();
        assert_eq!(faults(settings().peppers(peppers())), [""; 0]);
        assert_eq!(faults(settings().hash_format(HashFormat::DjangoArgon2)), [""; 0]);
        assert_eq!(faults(settings().hash_format(HashFormat::DjangoArgon2).peppers(peppers())), ["peppers"]);
        assert_eq!(faults(settings().failed_signin_step(Duration::ZERO)), ["failed_signin_step"]);
    }

    #[test]
    fn a_failed_sign_in_keeps_step_only_where_hashes_of_several_programs_are_read() {
        let step = |settings| Validated::check(settings, DeliveryChoice::Settings).ok().unwrap().failed_signin_step;
        assert_eq!(step(settings()), None);
        assert_eq!(step(settings().foreign_hashes([ForeignHash::Bcrypt])), Some(Duration::from_millis(250)));
        assert_eq!(step(settings().hash_format(HashFormat::DjangoArgon2)), Some(Duration::from_millis(250)));
    }

    #[test]
    fn an_attribute_cannot_take_the_place_of_a_key_of_ours() {
        assert_eq!(faults(settings().public_attributes(["id"])), ["public_attributes"]);
        assert_eq!(faults(settings().signup_attributes(["password"])), ["signup_attributes"]);
    }

    #[test]
    fn a_sign_up_that_shows_a_name_cannot_hide_an_address() {
        let both = settings().signup_identity(SignupIdentity::UsernameAndEmail).enumeration_safe_signup(true);
        assert_eq!(faults(both), ["enumeration_safe_signup"]);
    }
}
