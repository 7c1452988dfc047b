//! Settings that a start refuses.

use std::net::TcpListener;

use super::program::{Program, SECRET, production};

/// A setting and the value that it gets, if any.
type Change = (&'static str, Option<&'static str>);

/// One value each, of those that the contract refuses, beside a configuration that is good.
const REFUSED: &[Change] = &[
    ("JWT_SECRET", Some("short")),
    ("JWT_SECRET", Some("your-256-bit-secret-your-256-bit-secret")),
    ("JWT_SECRET", Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")),
    ("JWT_ALGORITHM", Some("none")),
    ("JWT_ALGORITHM", Some("HS1")),
    ("JWT_EXP", Some("0")),
    ("JWT_EXP", Some("0.01")),
    ("JWT_EXP", Some("soon")),
    ("JWT_EXP", Some("-5")),
    ("EMAIL_BACKEND", Some("pigeon")),
    ("EMAIL_FILE_PATH", None),
    ("EMAIL_ENCRYPT_KEY", None),
    ("EMAIL_ENCRYPT_KEY", Some("c2hvcnQ=")),
    ("EMAIL_PORT", Some("0")),
    ("EMAIL_PORT", Some("smtp")),
    ("EMAIL_USE_TLS", Some("maybe")),
    ("EMAIL_TOKEN_EXP", Some("0")),
    ("FROM_EMAIL", Some("nobody")),
    ("PATH_TO_RESTORE", None),
    ("PATH_TO_RESTORE", Some("/restore")),
    ("PATH_TO_RESTORE", Some("http://app.example/restore")),
    ("BIND_ADDR", Some("localhost")),
    ("DATABASE_URL", Some("sqlite::memory:")),
    ("DATABASE_URL", Some("postgres://u:hunter2@127.0.0.1:1/auth")),
    ("DATABASE_URL", Some("mysql://u:hunter2@127.0.0.1:1/auth")),
    ("DATABASE_URL", Some("postgres://u:hunter2@localhost")),
    ("DATABASE_URL", Some("oracle://u:hunter2@localhost/auth")),
    ("DATABASE_URL", Some("app.db")),
    ("REDIS_URL", Some("http://:hunter2@localhost")),
    ("REDIS_URL", Some("redis://:hunter2@127.0.0.1:1")),
    ("AUTH_PREFIX", Some("auth")),
    ("AUTH_PROFILE", Some("rails")),
    ("AUTH_DJANGO_TABLE", Some("a; DROP TABLE a")),
    ("AUTH_DJANGO_HASH", Some("argon2")),
    ("LEGACY_TOKENS_UNTIL", Some("2030-01-01T00:00:00Z")),
    ("AUTH_LIMITS", Some("maybe")),
    ("TRUSTED_PROXIES", Some("-1")),
    ("METRICS_ADDR", Some("0.0.0.0:9000")),
    ("AUTH_MODE", Some("staging")),
];

/// Pairs that are refused together.
const REFUSED_TOGETHER: &[(&str, &[Change])] = &[
    (
        "EMAIL_USE_TLS",
        &[
            ("EMAIL_BACKEND", None),
            ("FROM_EMAIL", Some("a@x.example")),
            ("EMAIL_USE_TLS", Some("true")),
            ("EMAIL_USE_SSL", Some("true")),
        ],
    ),
    (
        "EMAIL_USE_TLS",
        &[("EMAIL_BACKEND", Some("smtp")), ("FROM_EMAIL", Some("a@x.example")), ("EMAIL_HOST", Some("mx.x.example"))],
    ),
    ("FROM_EMAIL", &[("EMAIL_BACKEND", Some("smtp"))]),
    (
        "EMAIL_HOST_PASSWORD",
        &[("EMAIL_BACKEND", Some("smtp")), ("FROM_EMAIL", Some("a@x.example")), ("EMAIL_HOST_USER", Some("app"))],
    ),
];

/// Every row of `REFUSED`, and no value of a setting in what is said about it.
pub fn each_refused_value_names_its_setting(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    for change in REFUSED {
        let told = program.refuses(folder.path(), &production(&[*change]), &[change.0]);
        assert!(!told.contains("hunter2") && !told.contains(SECRET), "{told}");
    }
    for (setting, changes) in REFUSED_TOGETHER {
        program.refuses(folder.path(), &production(changes), &[setting]);
    }
    let left = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    // Whether mails can be written there is found out by making the folder.
    let left: Vec<_> = left.filter(|name| name != "mail").collect();
    assert!(left.is_empty(), "a start that is refused makes no database: {left:?}");
}

/// Faults of both tables in one go.
pub fn every_fault_is_told_at_once_and_nothing_is_started(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let vars = [
        ("JWT_SECRET", "short"),
        ("JWT_EXP", "0"),
        ("EMAIL_USE_TLS", "1"),
        ("EMAIL_USE_SSL", "1"),
        ("EMAIL_TOKEN_EXP", "x"),
        ("PATH_TO_RESTORE", "restore"),
        ("BIND_ADDR", "here"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("REDIS_URL", "localhost"),
        ("AUTH_PREFIX", "auth"),
        ("AUTH_LIMITS", "maybe"),
        ("TRUSTED_PROXIES", "many"),
    ];
    let mut named: Vec<_> = vars.iter().map(|(name, _)| *name).filter(|name| *name != "EMAIL_USE_SSL").collect();
    named.extend(["FROM_EMAIL", "EMAIL_ENCRYPT_KEY"]);
    program.refuses(folder.path(), &vars, &named);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The address is the first thing that only the start itself can find out.
pub fn an_address_in_use_is_a_fault(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    program.refuses(folder.path(), &production(&[("BIND_ADDR", Some(&address))]), &["BIND_ADDR"]);
}
