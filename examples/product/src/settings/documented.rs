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
    setting("AUTH_DJANGO_HASH", "pbkdf2_sha256"),
    setting("LEGACY_TOKENS_UNTIL", "the takeover + 30 days"),
    setting("AUTH_LIMITS", "on"),
    setting("TRUSTED_PROXIES", "0"),
    setting("METRICS_ADDR", "unset"),
    setting("AUTH_MODE", "unset"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_settings_has_every_name_with_its_default() {
        let page = include_str!("../../../../docs/settings.md");
        let (_, section) = page.split_once("\n## The example servers").unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        let page: Vec<_> = rows
            .map(|row| {
                let mut cells = row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`'));
                (cells.next().unwrap(), cells.next().unwrap())
            })
            .collect();
        let code: Vec<_> = DOCUMENTED.iter().map(|setting| (setting.name, setting.default)).collect();
        assert_eq!(page, code);
    }
}
