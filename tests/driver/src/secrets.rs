//! What must never leave the process, searched in everything that does.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use serde_json::json;

use super::http::Answer;
use super::mailbox;
use super::program::{ENCRYPT_KEY, Program, Running, SECRET, production};
use super::remains;

const PASSWORD: &str = "Prill-unique-first-password";
const NEW_PASSWORD: &str = "Quorn-unique-second-password";
const WRONG_PASSWORD: &str = "Rhabd-unique-wrong-password";
const NUMBER: &str = "98765432198765432";
const SMTP_PASSWORD: &str = "Stilt-unique-smtp-password";
const STRANGER: &str = "stranger-unique@nowhere.example";
const TRACE: (&str, Option<&str>) = ("RUST_LOG", Some("trace"));

/// Strings and where they were looked for.
#[derive(Default)]
struct Search {
    secrets: Vec<(&'static str, String)>,
    places: Vec<(String, Vec<u8>)>,
}

impl Search {
    fn secret(&mut self, name: &'static str, text: impl Into<String>) {
        self.secrets.push((name, text.into()));
    }

    /// A token is secret as a whole and in each part.
    fn token(&mut self, token: &str) {
        self.secret("access token", token);
        token.split('.').skip(1).for_each(|part| self.secret("part of an access token", part));
    }

    fn place(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        self.places.push((name.to_owned(), bytes.into()));
    }

    fn answer(&mut self, answer: &Answer) {
        self.place("an answer", format!("{answer:?}"));
    }

    fn database(&mut self, folder: &Path) {
        for name in ["app.db", "app.db-wal"] {
            if let Ok(bytes) = std::fs::read(folder.join(name)) {
                self.place(name, bytes);
            }
        }
    }

    #[expect(clippy::print_stdout, reason = "the numbers are what is asked for")]
    fn finds_nothing(&self) {
        let mut hits = Vec::new();
        for (place, bytes) in &self.places {
            for (name, secret) in &self.secrets {
                if bytes.windows(secret.len()).any(|window| window == secret.as_bytes()) {
                    hits.push(format!("{name} in {place}"));
                }
            }
        }
        let bytes: usize = self.places.iter().map(|(_, bytes)| bytes.len()).sum();
        println!(
            "secrets: {} strings searched in {} places of {bytes} bytes, hits {}",
            self.secrets.len(),
            self.places.len(),
            hits.len()
        );
        assert_eq!(hits, Vec::<String>::new());
    }
}

/// The whole story with everything logged that any library has to say: in both streams of the
/// program, in the bytes of its database, and in every answer but those that give a token.
pub fn nothing_secret_leaves_the_process(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let server = program.start(folder.path(), &production(&[TRACE]));
    let mut search = Search::default();
    for (name, secret) in [
        ("JWT_SECRET", SECRET),
        ("EMAIL_ENCRYPT_KEY", ENCRYPT_KEY),
        ("password", PASSWORD),
        ("new password", NEW_PASSWORD),
        ("wrong password", WRONG_PASSWORD),
        ("number for a password", NUMBER),
    ] {
        search.secret(name, secret);
    }
    lives(&server, folder.path(), &mut search);
    search.database(folder.path());
    let ended = server.terminate();
    assert!(ended.stderr.contains("action=\"restore\""), "the log is there");
    // What the table itself holds is no secret there, and is one everywhere else.
    search.database(folder.path());
    search.finds_nothing();
    let hashes = remains::password_hashes(folder.path());
    assert_eq!(hashes.len(), 1);
    for hash in hashes {
        search.secret("password hash", hash);
    }
    search.places.retain(|(place, _)| !place.starts_with("app.db"));
    search.place("standard output", ended.stdout);
    search.place("the log", ended.stderr);
    search.finds_nothing();
}

fn lives(server: &Running, folder: &Path, search: &mut Search) {
    let signin =
        |password: &str| server.post("/auth/signin", &json!({"username": "ann@x.example", "password": password}));
    let account = json!({"email": "ann@x.example", "password": PASSWORD, "email_as_name": true});
    search.answer(&server.post("/auth/signup", &account));
    search.answer(&server.post("/auth/signup", &account));
    for wrong in [WRONG_PASSWORD.into(), json!([WRONG_PASSWORD]), NUMBER.parse::<u64>().unwrap().into()] {
        search.answer(&server.post("/auth/signin", &json!({"username": "ann@x.example", "password": wrong})));
        search.answer(&server.post("/auth/signup", &json!({"username": "bob", "password": [wrong]})));
    }
    search.answer(&server.request("POST", "/auth/signin", &[("content-type", "text/plain")], WRONG_PASSWORD));
    let first = signin(PASSWORD).token();
    search.token(&first);
    let second = server.bearing(&first, "POST", "/auth/refresh", "").token();
    search.token(&second);
    for route in ["validation", "get_user"] {
        search.answer(&server.post(&format!("/auth/{route}"), &json!({"token": second})));
    }
    search.answer(&server.bearing(&second, "GET", "/notes", ""));
    search.answer(&server.bearing(&second, "POST", "/notes", r#"{"title":"Milk"}"#));
    search.answer(&server.bearing(&second.replace('.', "x"), "GET", "/notes", ""));
    search.answer(&server.post("/auth/restore", &json!({"email": STRANGER})));
    search.answer(&server.post("/auth/restore", &json!({"email": "ann@x.example"})));
    search.secret("address of nobody's", STRANGER);
    let mails = mailbox::wait_for(folder, 1);
    let link = mailbox::token(&mails[0]);
    search.secret("restoring token", link);
    search.answer(&server.post("/auth/restore", &json!({"token": link, "new_password": "password"})));
    let step2 = json!({"token": link, "new_password": NEW_PASSWORD});
    search.answer(&server.post("/auth/restore", &step2));
    search.answer(&server.post("/auth/restore", &step2));
    search.answer(&server.bearing(&second, "GET", "/notes", ""));
    let third = signin(NEW_PASSWORD).token();
    search.token(&third);
    search.answer(&server.bearing(&third, "POST", "/auth/signout", ""));
    search.answer(&server.bearing(&third, "POST", "/auth/signout", ""));
}

/// The password for the mail server goes to it and nowhere else, and so does the link.
pub fn the_mail_server_alone_reads_its_password_and_the_link(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let smtp = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = smtp.local_addr().unwrap().port().to_string();
    let vars = production(&[
        TRACE,
        ("EMAIL_BACKEND", Some("smtp")),
        ("EMAIL_HOST", Some("127.0.0.1")),
        ("EMAIL_PORT", Some(&port)),
        ("EMAIL_HOST_USER", Some("app")),
        ("EMAIL_HOST_PASSWORD", Some(SMTP_PASSWORD)),
        ("FROM_EMAIL", Some("notes@app.example")),
        ("EMAIL_FILE_PATH", None),
    ]);
    let server = program.start(folder.path(), &vars);
    server.post("/auth/signup", &json!({"email": "ann@x.example", "password": PASSWORD})).success();
    let (lines, said) = channel();
    let mail = std::thread::spawn(move || takes_one_mail(&smtp.accept().unwrap().0, &lines));
    server.post("/auth/restore", &json!({"email": "ann@x.example"})).success();
    mail.join().unwrap();
    let said: Vec<String> = said.into_iter().collect();
    let after = |start: &str| said.iter().find_map(|line| Some(line.split_once(start)?.1.trim().to_owned())).unwrap();
    let ended = server.terminate();
    let mut search = Search::default();
    search.secret("EMAIL_HOST_PASSWORD", SMTP_PASSWORD);
    search.secret("the sign-in to the mail server", after("AUTH PLAIN "));
    search.secret("restoring token", after("restoring="));
    search.place("standard output", ended.stdout);
    search.place("the log", ended.stderr);
    search.database(folder.path());
    search.finds_nothing();
}

/// As much of SMTP (RFC 5321) as one mail needs, with every line that came.
fn takes_one_mail(mut stream: &TcpStream, lines: &Sender<String>) {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let reader = BufReader::new(stream);
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
    say("220 here");
    let mut in_content = false;
    for line in reader.lines() {
        let line = line.unwrap();
        match (in_content, line.split(' ').next().unwrap()) {
            (true, ".") => {
                say("250 taken");
                in_content = false;
            }
            (true, _) => {}
            (_, "EHLO") => say("250-here\r\n250 AUTH PLAIN"),
            (_, "AUTH") => say("235 yes"),
            (_, "DATA") => {
                say("354 go on");
                in_content = true;
            }
            (_, "QUIT") => {
                say("221 bye");
                return;
            }
            _ => say("250 yes"),
        }
        lines.send(line).unwrap();
    }
}

/// The key of the mailbox page stands in the banner, for the person at the terminal, and nowhere
/// else.
pub fn the_key_of_the_mailbox_is_said_once(program: &Program) {
    if !cfg!(debug_assertions) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let vars = [("BIND_ADDR", "127.0.0.1:0"), ("RUST_LOG", "trace")];
    let first = program.start(folder.path(), &vars).terminate();
    let page = super::development::mailbox(&first.stderr);
    let server = program.start(folder.path(), &vars);
    assert_eq!(server.get(&page).status, 200);
    let ended = server.terminate();
    let (_, key) = page.split_once("key=").unwrap();
    assert_eq!(ended.stderr.matches(key).count(), 1, "the log says it too");
    assert!(!ended.stdout.contains(key));
}

/// A start that is refused because of a secret does not show it.
pub fn a_refused_start_shows_no_secret(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let mut search = Search::default();
    for setting in ["JWT_SECRET", "EMAIL_ENCRYPT_KEY", "EMAIL_HOST_PASSWORD"] {
        let secret = format!("u{}q", setting.to_lowercase());
        // A password for the mail server without a user is refused.
        let vars = production(&[TRACE, ("EMAIL_BACKEND", Some("smtp")), (setting, Some(&secret))]);
        search.place("a refusal", program.refuses(folder.path(), &vars, &[setting]));
        search.secret(setting, secret);
    }
    search.finds_nothing();
}
