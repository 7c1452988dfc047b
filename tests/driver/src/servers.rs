//! A database on a server, each scenario on every one that is there.

use std::sync::Barrier;
use std::thread::scope;

use example_services::{Scratch, Service};
use serde_json::json;

use super::development::mailbox;
use super::program::{Program, production};
use super::story;

const STARTS: usize = 4;

fn databases() -> impl Iterator<Item = Scratch> {
    [Service::Postgres, Service::MariaDb].into_iter().filter(|server| server.is_found_or_say_so()).map(Scratch::new)
}

/// Everything that a file can do.
pub fn a_person_lives_on_a_database_server(program: &Program) {
    for database in databases() {
        let url = database.url();
        story::from_sign_up_to_a_new_password(program, &production(&[("DATABASE_URL", Some(&url))]));
    }
}

/// Order, limit and ownership of notes.
pub fn notes_on_a_database_server_are_in_order_and_their_owners(program: &Program) {
    for database in databases() {
        let (folder, url) = (tempfile::tempdir().unwrap(), database.url());
        let server = program.start(folder.path(), &production(&[("DATABASE_URL", Some(&url))]));
        let [ann, bob] = ["ann", "bob"].map(|name| {
            let account = json!({"username": name, "password": "correct horse battery"});
            server.post("/auth/signup", &account).success();
            server.post("/auth/signin", &account).token()
        });
        let title = "ünïcode \u{1f4dd}";
        let note = server.bearing(&ann, "POST", "/notes", &json!({"title": "first"}).to_string()).success();
        server.bearing(&ann, "POST", "/notes", &json!({"title": title, "body": "a\nb\\%'\"$1"}).to_string()).success();
        let list = server.bearing(&ann, "GET", "/notes", "").success();
        assert_eq!((&list["notes"][0]["title"], &list["notes"][1]["title"]), (&json!(title), &json!("first")));
        assert_eq!(list["notes"][0]["body"], "a\nb\\%'\"$1");

        let id = note["note"]["id"].as_str().unwrap();
        let swapped: String = id.chars().map(swap_case).collect();
        server.bearing(&ann, "GET", &format!("/notes/{swapped}"), "").fails(404, "not_found");
        let note = format!("/notes/{id}");
        server.bearing(&bob, "GET", &note, "").fails(404, "not_found");
        server.bearing(&bob, "DELETE", &note, "").fails(404, "not_found");
        assert_eq!(server.bearing(&bob, "GET", "/notes", "").success()["notes"], json!([]));
        server.bearing(&ann, "DELETE", &note, "").success();
        server.bearing(&ann, "DELETE", &note, "").fails(404, "not_found");
    }
}

fn swap_case(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}

/// The mark in the database is as good as the one in a file.
pub fn development_and_production_keep_apart_on_a_database_server(program: &Program) {
    for database in databases() {
        let (folder, url) = (tempfile::tempdir().unwrap(), database.url());
        let develop = [("BIND_ADDR", "127.0.0.1:0"), ("AUTH_MODE", "development"), ("DATABASE_URL", &*url)];
        let first = program.start(folder.path(), &develop).terminate();
        let second = program.start(folder.path(), &develop).terminate();
        assert_eq!(mailbox(&first.stderr), mailbox(&second.stderr), "the keys are those of the database");
        assert!(!first.stderr.contains(&url), "{}", first.stderr);
        program.refuses(folder.path(), &production(&[("DATABASE_URL", Some(&url))]), &["DATABASE_URL"]);
    }
    for database in databases() {
        let (folder, url) = (tempfile::tempdir().unwrap(), database.url());
        let produce = production(&[("DATABASE_URL", Some(&*url))]);
        assert!(program.start(folder.path(), &produce).terminate().status.success());
        let lost = [("BIND_ADDR", "127.0.0.1:0"), ("DATABASE_URL", &*url)];
        program.refuses(folder.path(), &lost, &["JWT_SECRET", "DATABASE_URL"]);
        program.refuses(folder.path(), &[&lost[..], &[("AUTH_MODE", "development")]].concat(), &["DATABASE_URL"]);
        assert!(program.start(folder.path(), &produce).terminate().status.success());
    }
}

/// Half of them want to develop. Whoever comes first decides for all.
pub fn first_starts_at_one_moment_agree_on_the_mode(program: &Program) {
    for database in databases() {
        let (folder, url) = (tempfile::tempdir().unwrap(), database.url());
        let produce = production(&[("DATABASE_URL", Some(&*url))]);
        let develop = [&produce[..], &[("AUTH_MODE", "development")]].concat();
        let barrier = Barrier::new(2 * STARTS);
        let start = &|vars: &[(&str, &str)]| {
            barrier.wait();
            program.try_to_start(folder.path(), vars)
        };
        let started = scope(|scope| {
            let starts = (0..2 * STARTS).map(|number| {
                let vars = if number % 2 == 0 { &produce } else { &develop };
                scope.spawn(move || start(vars))
            });
            let starts: Vec<_> = starts.collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect::<Vec<_>>()
        });
        let modes: Vec<usize> = (0..2).map(|mode| started.iter().skip(mode).step_by(2).flatten().count()).collect();
        assert!(modes == [STARTS, 0] || modes == [0, STARTS], "{modes:?}");
        for refused in started.iter().filter_map(|started| started.as_ref().err()) {
            assert!(refused.contains("DATABASE_URL"), "{refused}");
        }
    }
}

/// The fault says what to do, and never the password.
pub fn a_server_that_is_not_there_is_a_fault(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://ann:hunter2@127.0.0.1:1/app");
        let told = program.refuses(folder.path(), &production(&[("DATABASE_URL", Some(&url))]), &["DATABASE_URL"]);
        assert!(told.contains("refused") && !told.contains("hunter2"), "{told}");
    }
}
