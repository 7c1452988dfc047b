use std::path::PathBuf;
use std::time::Duration;

use super::{Fault, MailBackend, Settings};
use crate::mail::{SmtpPassword, SmtpSecurity, SmtpSettings};
use crate::restore::EncryptKey;
use crate::token::KeyMaterial;

impl Settings {
    /// Reads the documented names from the environment. It cannot fail: what is wrong is kept and
    /// reported with everything else by `build()`.
    #[must_use]
    pub fn from_env() -> Self {
        let mut unreadable = Vec::new();
        let mut settings = Self::from_vars(|name| match std::env::var(name) {
            Ok(value) => Some(value),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => {
                let setting = super::DOCUMENTED.iter().find(|known| known.name == name);
                unreadable.extend(setting.map(|known| Fault::new(known.name, "it is not UTF-8", "Set it to text")));
                None
            }
        });
        settings.faults.extend(unreadable);
        settings
    }

    /// Reads the documented names from anywhere. An empty value counts as unset.
    ///
    /// ```
    /// use auth_core::Settings;
    ///
    /// let settings = Settings::from_vars(|name| (name == "JWT_EXP").then(|| "0.5".to_owned()));
    /// ```
    #[must_use]
    pub fn from_vars(mut read: impl FnMut(&str) -> Option<String>) -> Self {
        let mut vars = Vars { read: &mut read, faults: Vec::new() };
        let jwt_secret = vars.text("JWT_SECRET").map(key_material);
        let mut settings = Self { jwt_secret, ..Self::default() };
        if let Some(algorithm) = vars.parsed("JWT_ALGORITHM", "it is not a signing algorithm", ALGORITHMS) {
            settings.jwt_algorithm = algorithm;
        }
        settings.jwt_role = vars.text("JWT_ROLE");
        if let Some(life) = vars.minutes("JWT_EXP") {
            settings.choices.token_life = Some(life);
        }
        settings.mail_backend = vars.mail_backend();
        settings.from_email = vars.text("FROM_EMAIL");
        settings.email_encrypt_keys = vars.encrypt_keys();
        if let Some(life) = vars.minutes("EMAIL_TOKEN_EXP") {
            settings.choices.restore_life = Some(life);
        }
        settings.path_to_restore = vars.text("PATH_TO_RESTORE");
        settings.faults = vars.faults;
        settings
    }
}

const ALGORITHMS: &str = "Use HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or EdDSA";

fn key_material(text: String) -> KeyMaterial {
    if text.trim_start().starts_with("-----BEGIN") { KeyMaterial::pem(text) } else { KeyMaterial::secret(text) }
}

struct Vars<'a> {
    read: &'a mut dyn FnMut(&str) -> Option<String>,
    faults: Vec<Fault>,
}

impl Vars<'_> {
    fn text(&mut self, name: &'static str) -> Option<String> {
        (self.read)(name).filter(|value| !value.is_empty())
    }

    fn fault<T>(&mut self, name: &'static str, problem: &'static str, mend: &'static str) -> Option<T> {
        self.faults.push(Fault::new(name, problem, mend));
        None
    }

    fn parsed<T: std::str::FromStr>(
        &mut self,
        name: &'static str,
        problem: &'static str,
        mend: &'static str,
    ) -> Option<T> {
        match self.text(name)?.parse() {
            Ok(value) => Some(value),
            Err(_) => self.fault(name, problem, mend),
        }
    }

    fn flag(&mut self, name: &'static str) -> bool {
        match self.text(name).as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("false" | "0" | "no" | "off") => false,
            Some("true" | "1" | "yes" | "on") => true,
            Some(_) => self.fault(name, "it is neither true nor false", "Use true or false").unwrap_or(false),
        }
    }

    fn minutes(&mut self, name: &'static str) -> Option<Duration> {
        let text = self.text(name)?;
        match decimal_minutes(&text) {
            Some(life) if life >= Duration::from_secs(1) => Some(life),
            Some(_) => self.fault(name, "it is under one second", "Use at least 0.02 minutes"),
            None => self.fault(name, "it is not a number of minutes", "Use a decimal number like 15 or 0.5"),
        }
    }

    fn encrypt_keys(&mut self) -> Vec<EncryptKey> {
        const NAME: &str = "EMAIL_ENCRYPT_KEY";
        let Some(text) = self.text(NAME) else { return Vec::new() };
        let keys: Option<Vec<_>> = text.split(',').map(|key| EncryptKey::parse(key.trim())).collect();
        keys.or_else(|| self.fault(NAME, "it is not a Fernet key", "Use 32 random bytes in URL-safe base64"))
            .unwrap_or_default()
    }

    fn mail_backend(&mut self) -> MailBackend {
        const NAME: &str = "EMAIL_BACKEND";
        let smtp = self.smtp();
        let folder = self.text("EMAIL_FILE_PATH");
        match self.text(NAME).as_deref() {
            None | Some("smtp" | "django.core.mail.backends.smtp.EmailBackend") => smtp,
            Some("console" | "django.core.mail.backends.console.EmailBackend") => MailBackend::Console,
            Some("memory" | "django.core.mail.backends.locmem.EmailBackend") => MailBackend::Memory(<_>::default()),
            Some("file" | "django.core.mail.backends.filebased.EmailBackend") => folder
                .or_else(|| self.fault("EMAIL_FILE_PATH", "it is missing", "Name the folder that takes the mails"))
                .map_or(MailBackend::Console, |folder| MailBackend::File(PathBuf::from(folder))),
            Some(_) => self
                .fault(NAME, "it is not a known backend", "Use smtp, console, file or memory")
                .unwrap_or(MailBackend::Console),
        }
    }

    fn smtp(&mut self) -> MailBackend {
        let start_tls = self.flag("EMAIL_USE_TLS");
        let implicit = self.flag("EMAIL_USE_SSL");
        if start_tls && implicit {
            self.faults.push(Fault::new(
                "EMAIL_USE_TLS",
                "EMAIL_USE_SSL is set too",
                "Use EMAIL_USE_TLS for STARTTLS or EMAIL_USE_SSL for implicit TLS, not both",
            ));
        }
        let host = self.text("EMAIL_HOST");
        let port = self.parsed::<std::num::NonZeroU16>("EMAIL_PORT", "it is not a port", "Use 1 to 65535");
        let user = self.text("EMAIL_HOST_USER");
        let password = self.text("EMAIL_HOST_PASSWORD");
        let security = match (implicit, start_tls) {
            (true, _) => SmtpSecurity::Implicit,
            (false, true) => SmtpSecurity::StartTls,
            (false, false) => SmtpSecurity::Plain,
        };
        let mut smtp = SmtpSettings::new(host.unwrap_or_else(|| "localhost".to_owned()), security);
        smtp.port = port.map(Into::into);
        smtp.user = user;
        smtp.password = password.map(SmtpPassword::new);
        MailBackend::Smtp(smtp)
    }
}

/// Minutes in plain decimal notation, exact, rounded down to whole seconds.
fn decimal_minutes(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || (fraction.is_empty() && text.contains('.')) {
        return None;
    }
    let numerator: u64 = format!("{whole}{fraction}").parse().ok()?;
    let scale = 10u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    Some(Duration::from_secs(numerator.checked_mul(60)? / scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_exact_and_round_down() {
        let seconds = |text| decimal_minutes(text).map(|life| life.as_secs());
        assert_eq!(seconds("15"), Some(900));
        assert_eq!(seconds("1.15"), Some(69));
        assert_eq!(seconds("0.05"), Some(3));
        assert_eq!(seconds("0.0199"), Some(1));
        assert_eq!(seconds("0.01"), Some(0));
        for text in ["", ".5", "5.", "-1", "+1", "1e3", "NaN", "inf", " 5", "1_000", "99999999999", "1.5.5"] {
            assert_eq!(seconds(text), None, "{text:?}");
        }
    }

    #[test]
    fn every_documented_name_is_read_and_no_other() {
        let mut read = Vec::new();
        let _ = Settings::from_vars(|name| {
            read.push(name.to_owned());
            None
        });
        let mut documented: Vec<_> = super::super::DOCUMENTED.iter().map(|setting| setting.name.to_owned()).collect();
        read.sort();
        documented.sort();
        assert_eq!(read, documented);
    }
}
