//! Two servers on one PostgreSQL and one Redis, which behave as one. What must have one winner is
//! tried by a crowd that is spread over both.

mod crowd;
mod hashes;
pub mod limits;
pub mod outbox;
pub mod rehash;
pub mod restore;
pub mod session;
pub mod signup;

use std::path::Path;

use example_services::{OwnServer, Scratch, Service};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::Answer;
use crate::mailbox::{self, eventually};
use crate::program::{Program, Running, production};

const PASSWORD: &str = "a tree house in the rain";
const ROUNDS: usize = 10;
const CONTENDERS: usize = 16;

/// The two servers. Requests of number `n` go to the one and the other in turn, each from an address
/// of its own.
struct Pair {
    servers: [Running; 2],
    names: [String; 2],
    folder: TempDir,
    database: Scratch,
    _redis: OwnServer,
}

impl Pair {
    /// `None`, and said so, where PostgreSQL or Redis is missing.
    fn start(programs: [&Program; 2], limits: &str) -> Option<Self> {
        if !Service::Postgres.is_found_or_say_so() {
            return None;
        }
        let redis = OwnServer::start(Service::Redis)?;
        let (database, folder) = (Scratch::new(Service::Postgres), tempfile::tempdir().unwrap());
        let (database_url, redis_url) = (database.url(), redis.url());
        let vars = production(&[
            ("DATABASE_URL", Some(&database_url)),
            ("REDIS_URL", Some(&redis_url)),
            ("TRUSTED_PROXIES", Some("1")),
            ("AUTH_LIMITS", Some(limits)),
        ]);
        let servers = programs.map(|program| program.start(folder.path(), &vars));
        let names = programs.map(Program::name);
        Some(Self { servers, names, folder, database, _redis: redis })
    }

    fn server(&self, number: usize) -> &Running {
        &self.servers[number % 2]
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Again while the queue for hashes is full, as the answer asks.
    fn post(&self, number: usize, path: &str, body: &Value) -> Answer {
        self.post_from(number, number, path, body)
    }

    fn post_from(&self, client: usize, number: usize, path: &str, body: &Value) -> Answer {
        let client = format!("2001:db8:{:x}:{:x}::1", client / 65_536, client % 65_536);
        let headers = [("content-type", "application/json"), ("x-forwarded-for", &*client)];
        eventually(|| {
            let answer = self.server(number).request("POST", path, &headers, &body.to_string());
            Some(answer).filter(|answer| answer.status != 503 || answer.json()["error"]["code"] != "busy")
        })
    }

    fn joins(&self, number: usize, email: &str) {
        self.post(number, "/auth/signup", &json!({"email": email, "password": PASSWORD})).success();
    }

    fn signs_in(&self, number: usize, name: &str, password: &str) -> Answer {
        self.post(number, "/auth/signin", &json!({"username": name, "password": password}))
    }

    fn refreshes(&self, number: usize, token: &str) -> Answer {
        self.server(number).bearing(token, "POST", "/auth/refresh", "")
    }

    /// Asks for a mail and waits for the link in it. `earlier` mails have come to that address.
    fn link(&self, number: usize, email: &str, earlier: usize) -> String {
        self.post(number, "/auth/restore", &json!({"email": email})).success();
        let mails = eventually(|| Some(self.mails(email)).filter(|mails| mails.len() > earlier));
        mailbox::token(&mails[earlier]).to_owned()
    }

    /// Those with a link, the oldest first.
    fn mails(&self, email: &str) -> Vec<String> {
        let to = format!("To: {email}\r\n");
        let mails = mailbox::mails(self.folder());
        mails.into_iter().filter(|mail| mail.contains(&to) && mail.contains("restoring=")).collect()
    }

    /// The token opens nothing any more, at either of them.
    fn assert_dead(&self, token: &str) {
        for server in &self.servers {
            server.post("/auth/get_user", &json!({"token": token})).fails(401, "token_revoked");
            server.bearing(token, "GET", "/notes", "").fails(401, "token_revoked");
            server.bearing(token, "POST", "/auth/refresh", "").fails(401, "token_revoked");
        }
    }

    #[expect(clippy::print_stdout, reason = "how a race went")]
    fn report(&self, race: &str, rounds: usize, counts: &[(&str, usize)]) {
        let counts: Vec<_> = counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
        println!("{race}, {} and {}: rounds {rounds}, {}", self.names[0], self.names[1], counts.join(", "));
    }
}
