//! Development mode: entered with nothing, and by no accident.
//!
//! That a release build does not enter it is proved where the decision is made: the program here is
//! of whatever profile the tests are.

use std::path::Path;

use serde_json::json;

use super::mailbox::eventually;
use super::program::{PRODUCTION, Program, Running};

/// All that a second server on one machine needs to set.
const NOTHING: &[(&str, &str)] = &[("BIND_ADDR", "127.0.0.1:0")];

/// `None` for a release build, where nobody enters without asking.
fn newcomer(program: &Program, folder: &Path) -> Option<Running> {
    if cfg!(debug_assertions) {
        return Some(program.start(folder, NOTHING));
    }
    program.refuses(folder, NOTHING, &["JWT_SECRET"]);
    None
}

/// The path of the mailbox page with its key, as the terminal shows it.
pub(super) fn mailbox(shown: &str) -> String {
    let (_, rest) = shown.split_once("/dev/mailbox").expect("the terminal shows the address of the mailbox");
    format!("/dev/mailbox{}", rest.split_whitespace().next().unwrap())
}

/// From nothing to an account, and a restart that signs nobody out.
pub fn a_newcomer_needs_no_setting(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = newcomer(program, folder.path()) else { return };
    let password = "correct horse battery";
    server.post("/auth/signup", &json!({"email": "ann@x.example", "password": password})).success();
    let token = server.post("/auth/signin", &json!({"username": "ann@x.example", "password": password})).token();
    let first = server.terminate();
    assert!(first.status.success());

    let server = program.start(folder.path(), NOTHING);
    server.bearing(&token, "GET", "/notes", "").success();
    let second = server.terminate();
    assert_eq!(mailbox(&first.stderr), mailbox(&second.stderr), "the keys are those of the database");
    assert!(folder.path().join("app.db").exists());
}

/// The key, the `Host` and the absence of proxies are all asked for.
pub fn the_mailbox_opens_to_its_key_on_this_machine_only(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = newcomer(program, folder.path()) else { return };
    let page = mailbox(&server.terminate().stderr);
    let server = program.start(folder.path(), NOTHING);
    server.post("/auth/signup", &json!({"email": "ann@x.example", "password": "correct horse battery"})).success();
    server.post("/auth/restore", &json!({"email": "ann@x.example"})).success();
    eventually(|| Some(server.get(&page)).filter(|page| page.status == 200 && page.body.contains("restoring=")));
    for (path, header) in [
        ("/dev/mailbox", ("accept", "*/*")),
        ("/dev/mailbox?key=guessed", ("accept", "*/*")),
        (&*page, ("host", "evil.example")),
        (&*page, ("x-forwarded-for", "127.0.0.1")),
        (&*page, ("forwarded", "for=127.0.0.1")),
    ] {
        let answer = server.request("GET", path, &[header], "");
        assert!(answer.status >= 400, "{header:?} {answer:?}");
    }
}

/// One by one, each with a value that would be good.
pub fn any_setting_of_the_library_keeps_a_server_out_of_it(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("JWT_ALGORITHM", "HS256"),
        ("JWT_ROLE", "web"),
        ("JWT_EXP", "15"),
        ("EMAIL_BACKEND", "console"),
        ("EMAIL_FILE_PATH", "mail"),
        ("FROM_EMAIL", "app@x.example"),
        ("EMAIL_ENCRYPT_KEY", "cLPbWqWg7Jm5bK6bJ3m2iVq3bO1k0eM8l7y1Rk5r2XQ="),
        ("EMAIL_HOST", "localhost"),
        ("EMAIL_PORT", "25"),
        ("EMAIL_HOST_USER", "app"),
        ("EMAIL_HOST_PASSWORD", "x"),
        ("EMAIL_USE_TLS", "true"),
        ("EMAIL_USE_SSL", "true"),
        ("EMAIL_TOKEN_EXP", "30"),
        ("PATH_TO_RESTORE", "https://app.example/r"),
        ("JWT_SECRET", ""),
    ] {
        program.refuses(folder.path(), &[NOTHING, &[(name, value)]].concat(), &["JWT_SECRET"]);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// An address that others reach.
pub fn an_open_address_keeps_a_server_out_of_it(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "[::]:0"] {
        program.refuses(folder.path(), &[("BIND_ADDR", address)], &["JWT_SECRET", "BIND_ADDR"]);
        program.refuses(folder.path(), &[("BIND_ADDR", address), ("AUTH_MODE", "development")], &["BIND_ADDR"]);
    }
}

/// A production server that lost its variables.
pub fn a_database_that_production_marked_keeps_a_server_out_of_it(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    assert!(program.start(folder.path(), PRODUCTION).terminate().status.success());
    program.refuses(folder.path(), NOTHING, &["JWT_SECRET"]);
    program.refuses(folder.path(), &[NOTHING, &[("AUTH_MODE", "development")]].concat(), &["DATABASE_URL"]);
    assert!(program.start(folder.path(), PRODUCTION).terminate().status.success());
}

/// Accounts of development never end up in production.
pub fn production_refuses_a_database_of_development(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let develop = [NOTHING, &[("AUTH_MODE", "development")]].concat();
    assert!(program.start(folder.path(), &develop).terminate().status.success());
    program.refuses(folder.path(), PRODUCTION, &["DATABASE_URL"]);
}

/// With `AUTH_MODE=development` a setting may be given, and is then used.
pub fn asking_for_it_lifts_the_condition_on_settings_alone(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let vars = [NOTHING, &[("AUTH_MODE", "development"), ("JWT_EXP", "30")]].concat();
    let ended = program.start(folder.path(), &vars).terminate();
    assert!(ended.status.success() && ended.stderr.contains("/dev/mailbox?"));
    let vars = [NOTHING, &[("AUTH_MODE", "production")]].concat();
    program.refuses(
        tempfile::tempdir().unwrap().path(),
        &vars,
        &["JWT_SECRET", "EMAIL_ENCRYPT_KEY", "PATH_TO_RESTORE"],
    );
}
