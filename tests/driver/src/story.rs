//! What a person does.

use serde_json::json;

use super::program::{PRODUCTION, Program, Running, Vars};
use super::{mailbox, program};

const PASSWORD: &str = "correct horse battery";
const NEW_PASSWORD: &str = "a quite different one";

fn signed_up(server: &Running) {
    let account = json!({"email": "ann@x.example", "password": PASSWORD, "email_as_name": true});
    let user = &server.post("/auth/signup", &account).success()["user"];
    assert_eq!(user["username"], "ann@x.example");
}

fn signed_in(server: &Running, password: &str) -> String {
    server.post("/auth/signin", &json!({"username": "ann@x.example", "password": password})).token()
}

/// The whole of it, in the order in which it happens.
pub fn a_person_signs_up_keeps_notes_and_restores_a_password(program: &Program) {
    from_sign_up_to_a_new_password(program, PRODUCTION);
}

pub(super) fn from_sign_up_to_a_new_password(program: &Program, vars: Vars<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let server = program.start(folder.path(), vars);
    signed_up(&server);
    let first = signed_in(&server, PASSWORD);
    let note = server.bearing(&first, "POST", "/notes", r#"{"title":"Milk"}"#).success();
    let note = format!("/notes/{}", note["note"]["id"].as_str().unwrap());

    let second = server.bearing(&first, "POST", "/auth/refresh", "").token();
    assert_ne!(first, second);
    let expiry = server.post("/auth/validation", &json!({"token": second})).success();
    assert!(expiry["message"].as_str().unwrap().starts_with("Token will expire 20"));
    assert_eq!(server.post("/auth/get_user", &json!({"token": second})).success()["user"]["email"], "ann@x.example");

    server.post("/auth/restore", &json!({"email": "ANN@X.example"})).success();
    server.post("/auth/restore", &json!({"email": "nobody@x.example"})).success();
    let mails = mailbox::wait_for(folder.path(), 1);
    assert!(mails[0].contains("To: ann@x.example\r\n"), "{}", mails[0]);
    let step2 = json!({"token": mailbox::token(&mails[0]), "new_password": NEW_PASSWORD});
    assert_eq!(server.post("/auth/restore", &step2).success()["message"], "Password changed");
    server.post("/auth/restore", &step2).fails(400, "restore_token");

    server.bearing(&second, "GET", &note, "").fails(401, "token_revoked");
    server.post("/auth/signin", &json!({"username": "ann@x.example", "password": PASSWORD})).fails(401, "credentials");
    let third = signed_in(&server, NEW_PASSWORD);
    assert_eq!(server.bearing(&third, "GET", &note, "").success()["note"]["title"], "Milk");
    server.bearing(&third, "POST", "/auth/signout", "").success();
    server.bearing(&third, "GET", "/notes", "").fails(401, "token_revoked");
    let notice = mailbox::wait_for(folder.path(), 2);
    assert!(!notice[1].contains("restoring="));
}

/// A new process on the same database goes on where the old one stopped.
pub fn a_restart_keeps_sessions_and_notes(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let server = program.start(folder.path(), PRODUCTION);
    signed_up(&server);
    let token = signed_in(&server, PASSWORD);
    server.bearing(&token, "POST", "/notes", r#"{"title":"Milk"}"#).success();
    assert!(server.terminate().status.success());

    let server = program.start(folder.path(), PRODUCTION);
    assert_eq!(server.bearing(&token, "GET", "/notes", "").success()["notes"][0]["title"], "Milk");
    let token = server.bearing(&token, "POST", "/auth/refresh", "").token();
    server.bearing(&token, "POST", "/auth/signout", "").success();
    drop(server);

    // Killed without a word this time: what was answered is on disk.
    let server = program.start(folder.path(), PRODUCTION);
    server.bearing(&token, "GET", "/notes", "").fails(401, "token_revoked");
}

/// Notes of another account are as absent as none.
pub fn a_stranger_gets_nothing(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let vars = program::production(&[("DATABASE_URL", Some("memory:"))]);
    let server = program.start(folder.path(), &vars);
    signed_up(&server);
    let token = signed_in(&server, PASSWORD);
    let note = server.bearing(&token, "POST", "/notes", r#"{"title":"Milk"}"#).success();
    let note = format!("/notes/{}", note["note"]["id"].as_str().unwrap());
    server.post("/auth/signup", &json!({"username": "bob", "password": PASSWORD})).success();
    let bob = server.post("/auth/signin", &json!({"username": "bob", "password": PASSWORD})).token();
    server.bearing(&bob, "GET", &note, "").fails(404, "not_found");
    server.bearing(&bob, "DELETE", &note, "").fails(404, "not_found");
    assert_eq!(server.bearing(&bob, "GET", "/notes", "").success()["notes"], json!([]));
    server.get("/notes").fails(401, "token_missing");
    assert!(server.get("/notes").header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")));
    server.bearing(&token, "GET", &note, "").success();
}
