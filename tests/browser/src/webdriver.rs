use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::needs::{BROWSER, not_run, programs};

/// A session of `WebDriver` (<https://www.w3.org/TR/webdriver2/>) with a browser of its own, which
/// keeps nothing and asks nobody but the page. Dropping it ends both.
pub(crate) struct WebDriver {
    driver: Child,
    http: Client,
    session: String,
    /// Kept until the browser is gone.
    profile: TempDir,
}

/// How long one command may take, the start of the browser included.
const PATIENCE: Duration = Duration::from_mins(1);

const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=PasswordLeakDetection",
    "--hide-scrollbars",
    "--lang=en-GB",
];

impl WebDriver {
    /// `None`, and a word about it, where there is no Chromium.
    pub(crate) fn start() -> Option<Self> {
        let Some((chromium, driver)) = programs() else {
            not_run(BROWSER);
            return None;
        };
        let mut driver = Command::new(driver).arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let port = port(&mut driver);
        let profile = tempfile::tempdir().unwrap();
        let http = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let mut started = Self { driver, http, session: format!("http://127.0.0.1:{port}/session"), profile };
        let capabilities = capabilities(&chromium, started.profile.path());
        let id = started.post("", &json!({"capabilities": {"alwaysMatch": capabilities}}));
        started.session = format!("{}/{}", started.session, id["sessionId"].as_str().unwrap());
        Some(started)
    }

    #[track_caller]
    pub(crate) fn get(&self, command: &str) -> Value {
        self.send(Method::GET, command, None).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    #[track_caller]
    pub(crate) fn post(&self, command: &str, body: &Value) -> Value {
        self.try_post(command, body).unwrap_or_else(|error| panic!("{command} {body}: {error}"))
    }

    /// An error of the protocol is a value, for instance "no such element".
    pub(crate) fn try_post(&self, command: &str, body: &Value) -> Result<Value, Value> {
        self.send(Method::POST, command, Some(body))
    }

    fn send(&self, method: Method, command: &str, body: Option<&Value>) -> Result<Value, Value> {
        let mut request = self.http.request(method, format!("{}{command}", self.session));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().unwrap();
        let good = answer.status().is_success();
        let value = answer.json::<Value>().unwrap()["value"].take();
        if good { Ok(value) } else { Err(value) }
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        let _ = self.send(Method::DELETE, "", None);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn port(driver: &mut Child) -> String {
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut ports = lines.filter_map(|line| {
        line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
    });
    ports.next().expect("chromedriver says where it listens")
}

fn capabilities(chromium: &Path, profile: &Path) -> Value {
    let mut arguments: Vec<String> = FLAGS.iter().map(ToString::to_string).collect();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    json!({
        "browserName": "chrome",
        "timeouts": {"implicit": 10_000},
        "goog:chromeOptions": {"binary": chromium, "args": arguments},
        "goog:loggingPrefs": {"browser": "ALL"},
    })
}
