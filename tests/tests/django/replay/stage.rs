use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use auth_core::config::Profile;
use auth_core::mail::{Mail, MailError, Mailer, MemoryMailer};
use auth_core::password::{ForeignHash, HashFormat, Pbkdf2Iterations};
use auth_core::testing::{SeededRandom, TestClock};
use auth_core::{Auth, Clock as _, Settings};
use auth_tests::{Answer, Request, Site, Transport};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::effects::Effects;
use super::minted::Names;
use super::recorded::{Captured, Case, Recorded, Sent};
use super::rows::Rows;
use crate::project::{Project, now};

/// One server of ours on the table of a Django project, set up as the Python service was.
pub(super) struct Stage {
    rows: Rows,
    auth: Auth,
    site: Site,
    clock: TestClock,
    mailbox: Mailbox,
}

/// What came of a case.
pub(super) struct Played {
    pub(super) answer: Answer,
    pub(super) effects: Map<String, Value>,
}

impl Stage {
    pub(super) async fn open(project: &Project, transport: Transport) -> Self {
        let recorded = Recorded::data();
        let clock = TestClock::at(now());
        let mailbox = Mailbox::default();
        let auth = Auth::builder(settings(recorded), project.open().await)
            .clock(clock.clone())
            .random(SeededRandom::default())
            .mailer(mailbox.clone())
            .background_worker(false)
            .build()
            .expect("settings without a fault");
        assert_eq!(recorded.setting("mounted_at").as_deref(), Some("/"));
        let site = Site::open(transport, &auth, "/");
        Self { rows: Rows::of(project).await, auth, site, clock, mailbox }
    }

    /// Plays a case on an empty table.
    pub(super) async fn play(&self, case: &Case) -> Result<Played, String> {
        self.rows.empty().await;
        for user in &case.given.users {
            self.rows.insert(&row(user)).await;
        }
        let ids = self.rows.all().await.iter().map(|row| (username(row), row["id"].as_i64().expect("an id"))).collect();
        let mut names = Names::new(self.clock.now(), ids);
        for (name, recipe) in &case.given.tokens {
            let minted = recipe.mint(&names, Recorded::data());
            if let Some((username, token)) = minted.stored {
                self.rows.set_restoring_token(&username, &token).await;
            }
            names.keep(name, minted.shown);
        }
        for step in &case.given.before {
            let mails = self.mailbox.sent().len();
            let answer = self.send(&step.request, &names).await;
            if answer.status() != step.expect_status {
                return Err(format!("before: {} {}", answer.status(), answer.text()));
            }
            for (name, what) in &step.capture {
                names.keep(name, self.captured(*what, &answer, mails)?);
            }
        }

        let (rows, mails) = (by_name(self.rows.all().await), self.mailbox.sent().len());
        let answer = self.send(&case.request, &names).await;
        let effects = Effects {
            before: rows,
            after: by_name(self.rows.all().await),
            mails: self.mailbox.sent().split_off(mails),
            answer: &answer,
            names: &names,
        };
        Ok(Played { effects: effects.told()?, answer })
    }

    /// Sends a request, and then whatever mail waits.
    async fn send(&self, sent: &Sent, names: &Names) -> Answer {
        let answer = self.site.send(&request(sent, names)).await;
        let _ = self.auth.deliver_mail().await.expect("an outbox that answers");
        answer
    }

    fn captured(&self, what: Captured, answer: &Answer, mails: usize) -> Result<String, String> {
        let found = match what {
            Captured::Token => answer.json()["token"].as_str().map(str::to_owned),
            Captured::RestoringToken => {
                let new = self.mailbox.sent().split_off(mails);
                let text = new.last().map(|mail| mail.expose_text().to_owned()).unwrap_or_default();
                text.split_once("restoring=").map(|(_, token)| token.trim_end().to_owned())
            }
        };
        found.ok_or_else(|| format!("before: no {what:?} in {}", answer.text()))
    }
}

fn settings(recorded: &Recorded) -> Settings {
    Settings::from_vars(|name| match name {
        "EMAIL_BACKEND" => Some("memory".to_owned()),
        _ => recorded.setting(name),
    })
    // The cases ask for many mails to one address.
    .without_limits()
    .profile(Profile::Django)
    .foreign_hashes(ForeignHash::DJANGO)
    .hash_format(HashFormat::DjangoPbkdf2Sha256(Pbkdf2Iterations::danger_weak(1_000).expect("weak iterations")))
    .failed_signin_step(Duration::from_millis(1))
}

fn request(sent: &Sent, names: &Names) -> Request {
    let mut request = Request::new(&sent.method, &sent.path);
    for (name, value) in &sent.headers {
        request = request.header(name, names.fill_text(value));
    }
    let body = match sent {
        Sent { body: Some(body), .. } => names.fill(body).to_string().into_bytes(),
        Sent { body_raw: Some(raw), .. } => names.fill_text(raw).into_bytes(),
        Sent { body_base64: Some(encoded), .. } => STANDARD.decode(encoded).expect("base64"),
        Sent { body_gen: Some(long), .. } => {
            let fill = long.fill.repeat(long.count);
            names.fill_text(&format!("{}{fill}{}", long.prefix, long.suffix)).into_bytes()
        }
        _ => Vec::new(),
    };
    request.body(body)
}

/// As the legend says of the rows that a case starts from.
fn row(user: &Map<String, Value>) -> Map<String, Value> {
    let mut row = Map::new();
    for (name, value) in [
        ("is_superuser", Value::from(false)),
        ("is_staff", Value::from(false)),
        ("first_name", Value::from("")),
        ("last_name", Value::from("")),
        ("date_joined", Value::from("2024-01-02 03:04:05.678999")),
    ] {
        row.insert(name.to_owned(), value);
    }
    row.extend(user.clone());
    let password = user["password"].as_str().expect("a password");
    row.insert("password".to_owned(), hash(password).into());
    row
}

/// The hash that Django has for a password of the cases, with fewer rounds.
fn hash(password: &str) -> &'static str {
    match password {
        "S3cret-pass" => "pbkdf2_sha256$1000$recordedSalt$N6eMB1jkq/jdcK+Qy0Lm+ha0+wRBewnBkzVuRSZgLbw=",
        "B0b-secret-pass" => "pbkdf2_sha256$1000$recordedSalt$SF5hy/iRAXwfGIXzz5EyRd9Sq+nEV5yA9HMDqk38jjs=",
        "12345678" => "pbkdf2_sha256$1000$recordedSalt$GosmvUGcwK7vZSpooiKfO1u3McXyQNUnri7pEGZZ5EE=",
        other => panic!("no hash of {other}"),
    }
}

fn username(row: &Map<String, Value>) -> String {
    row["username"].as_str().expect("a username").to_owned()
}

fn by_name(rows: Vec<Map<String, Value>>) -> BTreeMap<String, Map<String, Value>> {
    let named = rows.into_iter().map(|mut row| {
        row.remove("id");
        (username(&row), row)
    });
    named.collect()
}

/// A mail server that refuses the recipients that the recorded one refused.
#[derive(Clone, Default)]
struct Mailbox(MemoryMailer);

impl Mailbox {
    fn sent(&self) -> Vec<Mail> {
        self.0.sent()
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        if mail.to().local_part().starts_with("reject") {
            return Err(MailError::permanent("550 no such mailbox"));
        }
        self.0.send(mail).await
    }
}
