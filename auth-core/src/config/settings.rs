use std::time::Duration;

use super::choices::Choices;
use super::{Fault, MailBackend};
use crate::mail::TemplateName;
use crate::password::{Argon2Params, HashingSettings, PasswordPolicy, Peppers};
use crate::random::{OsRandom, Random};
use crate::restore::EncryptKey;
use crate::throttle::Limits;
use crate::token::{Algorithm, KeyMaterial};

/// What a sign-up must name itself by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignupIdentity {
    /// An e-mail address or a username, exactly one.
    #[default]
    EmailOrUsername,
    /// Both. A user without an address cannot restore a password.
    UsernameAndEmail,
    /// An e-mail address, and beside it a username or `email_as_name`; the username wins.
    EmailAndMaybeUsername,
}

/// Everything that can be set, not checked yet: [`AuthBuilder::build`](crate::AuthBuilder::build)
/// reports every fault at once.
///
/// ```
/// use std::time::Duration;
/// use auth_core::Settings;
///
/// let settings = Settings::from_env().jwt_exp(Duration::from_secs(600)).service_name("Notes");
/// ```
#[derive(Clone)]
pub struct Settings {
    pub(super) faults: Vec<Fault>,
    pub(super) development: bool,
    pub(super) choices: Choices,

    pub(super) jwt_secret: Option<KeyMaterial>,
    pub(super) jwt_verifying: Vec<KeyMaterial>,
    pub(super) jwt_algorithm: Algorithm,
    pub(super) jwt_role: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) leeway: Duration,

    pub(super) session_idle: Duration,
    pub(super) session_absolute: Duration,
    pub(super) refresh_grace: Duration,
    pub(super) validation_checks_session: bool,

    pub(super) mail_backend: MailBackend,
    pub(super) from_email: Option<String>,
    pub(super) service_name: String,
    pub(super) templates: Vec<(TemplateName, String)>,
    pub(super) email_encrypt_keys: Vec<EncryptKey>,
    pub(super) path_to_restore: Option<String>,

    pub(super) policy: PasswordPolicy,
    pub(super) hashing: HashingSettings,
    pub(super) failed_signin_step: Duration,

    pub(super) enumeration_safe_signup: bool,
    pub(super) signup_attributes: Vec<String>,
    pub(super) public_attributes: Vec<String>,
    pub(super) trusted_proxies: usize,
    pub(super) limits: Option<Limits>,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Settings {
    fn default() -> Self {
        Self {
            faults: Vec::new(),
            development: false,
            choices: Choices::default(),
            jwt_secret: None,
            jwt_verifying: Vec::new(),
            jwt_algorithm: Algorithm::Hs256,
            jwt_role: None,
            issuer: None,
            audience: None,
            leeway: Duration::ZERO,
            session_idle: 7 * DAY,
            session_absolute: 30 * DAY,
            refresh_grace: Duration::from_secs(10),
            validation_checks_session: false,
            mail_backend: MailBackend::default(),
            from_email: None,
            service_name: "this service".to_owned(),
            templates: Vec::new(),
            email_encrypt_keys: Vec::new(),
            path_to_restore: None,
            policy: PasswordPolicy::default(),
            hashing: HashingSettings::default(),
            failed_signin_step: super::hashes::DEFAULT_STEP,
            enumeration_safe_signup: false,
            signup_attributes: Vec::new(),
            public_attributes: Vec::new(),
            trusted_proxies: 0,
            limits: Some(Limits::default()),
        }
    }
}

impl Settings {
    /// Settings with what has no default: the key that signs tokens, the key of restoring tokens,
    /// and the front-end's page that a restoring link leads to.
    ///
    /// ```
    /// use auth_core::Settings;
    /// use auth_core::restore::EncryptKey;
    /// use auth_core::token::KeyMaterial;
    ///
    /// # let (secret, key) = ("k2".repeat(32), [7; 32]);
    /// let settings = Settings::new(
    ///     KeyMaterial::secret(secret),
    ///     EncryptKey::from_bytes(key),
    ///     "https://app.example.org/restore",
    /// );
    /// ```
    #[must_use]
    pub fn new(jwt_secret: KeyMaterial, email_encrypt_key: EncryptKey, path_to_restore: impl Into<String>) -> Self {
        Self::default()
            .jwt_secret(jwt_secret)
            .email_encrypt_keys(vec![email_encrypt_key])
            .path_to_restore(path_to_restore)
    }

    /// Settings for trying things out: fresh random keys, so that nothing issued survives a
    /// restart, and mail on the console. `build()` says so loudly.
    #[must_use]
    pub fn development() -> Self {
        let mut settings = Self { development: true, ..Self::default() };
        let mut keys = [[0; 32]; 2];
        match keys.iter_mut().try_for_each(|key| OsRandom.fill(key)) {
            Ok(()) => {
                let [secret, encrypt_key] = keys;
                settings.jwt_secret = Some(KeyMaterial::secret(secret));
                settings.email_encrypt_keys = vec![EncryptKey::from_bytes(encrypt_key)];
            }
            Err(error) => settings.faults.push(Fault::new("JWT_SECRET", error.to_string(), "Set it")),
        }
        settings.mail_backend(MailBackend::Console).path_to_restore("http://localhost:3000/app/restore")
    }

    /// The HMAC secret or PEM private key that signs tokens (`JWT_SECRET`).
    #[must_use]
    pub fn jwt_secret(mut self, key: KeyMaterial) -> Self {
        self.jwt_secret = Some(key);
        self
    }

    /// Earlier keys whose tokens are still accepted. Remove one and its tokens are refused.
    #[must_use]
    pub fn jwt_verifying_keys(mut self, keys: Vec<KeyMaterial>) -> Self {
        self.jwt_verifying = keys;
        self
    }

    /// How tokens are signed (`JWT_ALGORITHM`); HS256 by default.
    #[must_use]
    pub fn jwt_algorithm(mut self, algorithm: Algorithm) -> Self {
        self.jwt_algorithm = algorithm;
        self
    }

    /// The constant claim `role`, which a gateway to the database may read (`JWT_ROLE`). It is never an
    /// account's role.
    #[must_use]
    pub fn jwt_role(mut self, role: impl Into<String>) -> Self {
        self.jwt_role = Some(role.into());
        self
    }

    /// How long a token lives (`JWT_EXP`); 15 minutes by default, a day in the profile `django`. It never outlives its session.
    #[must_use]
    pub fn jwt_exp(mut self, life: Duration) -> Self {
        self.choices.token_life = Some(life);
        self
    }

    /// The claim `iss`: written, and then required. Unset by default.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// The claim `aud`: written, and then required. Unset by default.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// How much later than `exp` a token is still taken, at most a minute; none by default.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// How long a session may rest between two refreshes; 7 days by default.
    #[must_use]
    pub fn session_idle(mut self, idle: Duration) -> Self {
        self.session_idle = idle;
        self
    }

    /// How long a session may last at all; 30 days by default, and at most that (NIST SP 800-63B).
    #[must_use]
    pub fn session_absolute(mut self, absolute: Duration) -> Self {
        self.session_absolute = absolute;
        self
    }

    /// How long the parent of the present token still gets the same successor; 10 seconds by
    /// default, at most a minute. Zero: a lost answer signs the user out.
    #[must_use]
    pub fn refresh_grace(mut self, grace: Duration) -> Self {
        self.refresh_grace = grace;
        self
    }

    /// Makes `/validation` check user, epoch and session as `/get_user` does. Off by default: it
    /// then reads signature and times alone and says nothing about revocation.
    #[must_use]
    pub fn validation_checks_session(mut self, on: bool) -> Self {
        self.validation_checks_session = on;
        self
    }

    /// How mail is sent (`EMAIL_BACKEND` and the settings that belong to it).
    #[must_use]
    pub fn mail_backend(mut self, backend: MailBackend) -> Self {
        self.mail_backend = backend;
        self
    }

    /// The sender of every mail (`FROM_EMAIL`): `a@x.org` or `Name <a@x.org>`.
    #[must_use]
    pub fn from_email(mut self, sender: impl Into<String>) -> Self {
        self.from_email = Some(sender.into());
        self
    }

    /// What mails call your service; it is also a word that passwords may not consist of.
    #[must_use]
    pub fn service_name(mut self, name: impl Into<String>) -> Self {
        self.service_name = name.into();
        self
    }

    /// Replaces one mail template. Rendered with sample data when `Auth` is built.
    #[must_use]
    pub fn template(mut self, name: TemplateName, source: impl Into<String>) -> Self {
        self.templates.push((name, source.into()));
        self
    }

    /// The keys of restoring tokens (`EMAIL_ENCRYPT_KEY`): the first encrypts, all of them open.
    #[must_use]
    pub fn email_encrypt_keys(mut self, keys: Vec<EncryptKey>) -> Self {
        self.email_encrypt_keys = keys;
        self
    }

    /// How long a restoring link lives (`EMAIL_TOKEN_EXP`); 30 minutes by default, a day in the
    /// profile `django`, and between one second and 24 hours.
    #[must_use]
    pub fn email_token_exp(mut self, life: Duration) -> Self {
        self.choices.restore_life = Some(life);
        self
    }

    /// The front-end page that the link in the mail opens (`PATH_TO_RESTORE`): https, or http to
    /// loopback.
    #[must_use]
    pub fn path_to_restore(mut self, url: impl Into<String>) -> Self {
        self.path_to_restore = Some(url.into());
        self
    }

    /// What a new password must be; 8 characters and not a common one by default.
    #[must_use]
    pub fn password_policy(mut self, policy: PasswordPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The cost of a password hash; Argon2id with 19 MiB and two passes by default.
    #[must_use]
    pub fn argon2(mut self, params: Argon2Params) -> Self {
        self.hashing.params = params;
        self
    }

    /// Keys outside the database without which its hashes are worthless; the first is used for new
    /// hashes. None by default.
    #[must_use]
    pub fn peppers(mut self, peppers: Peppers) -> Self {
        self.hashing.peppers = peppers;
        self
    }

    /// Threads and queue of the hashing pool; one thread a core and half a second of work by
    /// default.
    #[must_use]
    pub fn hashing(mut self, hashing: HashingSettings) -> Self {
        self.hashing = hashing;
        self
    }

    /// What a sign-up must name itself by.
    #[must_use]
    pub fn signup_identity(mut self, identity: SignupIdentity) -> Self {
        self.choices.identity = Some(identity);
        self
    }

    /// Answers a sign-up by address the same way whether or not the address has an account, and
    /// tells its owner by mail. Off by default: the documented answer says "taken". Refused where a
    /// sign-up may have a username beside the address, which would tell.
    #[must_use]
    pub fn enumeration_safe_signup(mut self, on: bool) -> Self {
        self.enumeration_safe_signup = on;
        self
    }

    /// The attributes that a sign-up request may fill; none by default.
    #[must_use]
    pub fn signup_attributes<I: Into<String>>(mut self, names: impl IntoIterator<Item = I>) -> Self {
        self.signup_attributes = names.into_iter().map(Into::into).collect();
        self
    }

    /// The attributes that a client may see in the user object; none by default.
    #[must_use]
    pub fn public_attributes<I: Into<String>>(mut self, names: impl IntoIterator<Item = I>) -> Self {
        self.public_attributes = names.into_iter().map(Into::into).collect();
        self
    }

    /// How many hops of `X-Forwarded-For` are our own proxies; none by default, and the header is
    /// then ignored.
    #[must_use]
    pub fn trusted_proxies(mut self, hops: usize) -> Self {
        self.trusted_proxies = hops;
        self
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Settings(..)")
    }
}
