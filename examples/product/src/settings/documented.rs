/// One setting of the example servers, beside those of the library.
#[derive(Debug, Clone, Copy)]
pub struct Documented {
    /// The name in the environment.
    pub name: &'static str,
    /// The default, as the documentation prints it.
    pub default: &'static str,
}

const fn setting(name: &'static str, default: &'static str) -> Documented {
    Documented { name, default }
}

/// Every setting that [`ServerSettings::read`](super::ServerSettings::read) reads, in the order of
/// the documentation.
pub const DOCUMENTED: &[Documented] = &[
    setting("BIND_ADDR", "127.0.0.1:3000"),
    setting("DATABASE_URL", "sqlite://app.db"),
    setting("REDIS_URL", "unset"),
    setting("AUTH_PREFIX", "/auth"),
    setting("AUTH_PROFILE", "documented"),
    setting("AUTH_DJANGO_TABLE", "unset"),
    setting("AUTH_DJANGO_HASH", "unset"),
    setting("LEGACY_TOKENS_UNTIL", "unset"),
    setting("AUTH_LIMITS", "on"),
    setting("TRUSTED_PROXIES", "0"),
    setting("AUTH_MODE", "unset"),
];
