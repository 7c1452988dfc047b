/// One setting that is read from the environment.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Documented {
    /// The documented name.
    pub name: &'static str,
    /// The setter of [`Settings`](super::Settings) that does the same in code.
    pub setter: &'static str,
    /// The default, as the documentation prints it.
    pub default: &'static str,
}

const fn setting(name: &'static str, setter: &'static str, default: &'static str) -> Documented {
    Documented { name, setter, default }
}

/// Every setting that [`Settings::from_env`](super::Settings::from_env) reads, in the order of the
/// documentation.
pub const DOCUMENTED: &[Documented] = &[
    setting("JWT_SECRET", "jwt_secret", "required"),
    setting("JWT_ALGORITHM", "jwt_algorithm", "HS256"),
    setting("JWT_ROLE", "jwt_role", "unset"),
    setting("JWT_EXP", "jwt_exp", "15"),
    setting("EMAIL_BACKEND", "mail_backend", "smtp"),
    setting("EMAIL_FILE_PATH", "mail_backend", "required with file"),
    setting("FROM_EMAIL", "from_email", "required with smtp"),
    setting("EMAIL_ENCRYPT_KEY", "email_encrypt_keys", "required"),
    setting("EMAIL_HOST", "mail_backend", "localhost"),
    setting("EMAIL_PORT", "mail_backend", "25, 587 or 465"),
    setting("EMAIL_HOST_USER", "mail_backend", "unset"),
    setting("EMAIL_HOST_PASSWORD", "mail_backend", "unset"),
    setting("EMAIL_USE_TLS", "mail_backend", "false"),
    setting("EMAIL_USE_SSL", "mail_backend", "false"),
    setting("EMAIL_TOKEN_EXP", "email_token_exp", "30"),
    setting("PATH_TO_RESTORE", "path_to_restore", "required"),
];
