use std::fmt::Write as _;

use serde_json::Value;

/// One answer, as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an answer that nobody looks at proves nothing"]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What a server says about the message and the moment, and not about the answer.
const OF_THE_MESSAGE: [&str; 4] = ["connection", "content-length", "date", "transfer-encoding"];

impl Answer {
    pub(crate) fn new(status: u16, headers: impl IntoIterator<Item = (String, String)>, body: Vec<u8>) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        let mut headers: Vec<_> = headers.filter(|(name, _)| !OF_THE_MESSAGE.contains(&name.as_str())).collect();
        headers.sort();
        Self { status, headers, body }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("an answer in UTF-8")
    }

    /// The body as JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// It was done as asked.
    #[track_caller]
    pub fn is_ok(&self) {
        assert_eq!(self.status, 200, "{}", self.text());
    }

    /// It was refused with this status and this code.
    #[track_caller]
    pub fn is(&self, status: u16, code: &str) {
        let held = self.json();
        assert_eq!((self.status, held["error"]["code"].as_str()), (status, Some(code)), "{held}");
    }

    /// It was refused because of this field.
    #[track_caller]
    pub fn is_about(&self, code: &str, field: &str) {
        self.is(400, code);
        assert_eq!(self.json()["error"]["field"], field);
    }

    /// The token that was given.
    #[must_use]
    #[track_caller]
    pub fn token(&self) -> String {
        self.is_ok();
        self.json()["token"].as_str().unwrap_or_else(|| panic!("no token: {}", self.text())).to_owned()
    }

    /// The user that was given.
    #[must_use]
    #[track_caller]
    pub fn user(&self) -> Value {
        self.is_ok();
        self.json()["user"].clone()
    }

    /// What holds for every answer of ours, whatever was asked.
    #[track_caller]
    pub(crate) fn keeps_the_contract(&self, to_a_head_request: bool) {
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let foreign = self.headers.iter().find(|(name, _)| name.starts_with("access-control"));
        assert_eq!(foreign, None, "CORS is the host's");
        assert_eq!(self.header("www-authenticate").is_some(), self.status == 401, "WWW-Authenticate");
        assert_eq!(self.header("allow"), (self.status == 405).then_some("POST"));
        assert_eq!(self.header("retry-after").is_some(), [429, 503].contains(&self.status), "Retry-After");
        if !to_a_head_request {
            self.has_the_envelope();
        }
    }

    #[track_caller]
    fn has_the_envelope(&self) {
        let body = self.json();
        assert_eq!(body["status"], self.status, "the status of the body");
        let members: Vec<_> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(members.len(), 2, "{members:?}");
        if self.status != 200 {
            let error = body["error"].as_object().expect("an error");
            assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
            assert!(error["code"].is_string());
            assert!(error.keys().all(|key| ["message", "code", "field"].contains(&key.as_str())), "{error:?}");
        }
    }

    /// As a transcript shows it.
    pub(crate) fn told(&self) -> String {
        let mut told = format!("{}\n", self.status);
        for (name, value) in &self.headers {
            let _ = writeln!(told, "{name}: {value}");
        }
        if !self.body.is_empty() {
            let _ = writeln!(told, "{}", self.text());
        }
        told
    }
}
