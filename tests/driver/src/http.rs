use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::program::Running;

/// Longer than any answer takes, so that a hanging server is a failure and not a hanging test.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Names in lower case, in the order of arrival.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// Nobody listened.
    NotSent,
    /// The connection ended before the whole answer had come.
    Lost,
}

impl Running {
    pub(super) fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path, &[("content-type", "application/json")], &body.to_string())
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], "")
    }

    /// A request with `Authorization: Bearer`; a body makes it JSON.
    pub(super) fn bearing(&self, token: &str, method: &str, path: &str, body: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", &*authorization), ("content-type", "application/json")];
        self.request(method, path, &headers, body)
    }

    /// Headers given here replace those that every request has. A body in chunks has no length.
    pub(super) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.attempt(method, path, headers, body).unwrap()
    }

    /// The same with a server that may end meanwhile.
    pub(super) fn attempt(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Unanswered> {
        let mut stream = self.try_to_connect().map_err(|_| Unanswered::NotSent)?;
        let request = self.written(method, path, headers, body);
        let mut answer = String::new();
        let read = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
        let answer = read.ok().and_then(|_| Answer::read(&answer));
        answer.filter(|answer| method == "HEAD" || answer.is_whole()).ok_or(Unanswered::Lost)
    }

    fn written(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
        let host = self.address().to_string();
        let length = body.len().to_string();
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        let usual = [("host", &*host), ("connection", "close"), ("content-length", &*length)];
        let given = |name: &str| headers.iter().any(|(given, _)| *given == name);
        let replaced = |name: &str| given(name) || name == "content-length" && given("transfer-encoding");
        let usual = usual.iter().filter(|(name, _)| !replaced(name));
        for (name, value) in usual.chain(headers) {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        format!("{head}\r\n{body}")
    }

    pub(super) fn connect(&self) -> TcpStream {
        self.try_to_connect().unwrap()
    }

    fn try_to_connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address())?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }
}

impl Answer {
    /// `None` where the head is not complete.
    fn read(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        });
        Some(Self { status, headers: headers.collect(), body: body.to_owned() })
    }

    fn is_whole(&self) -> bool {
        self.header("content-length").is_none_or(|length| length == self.body.len().to_string())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The body of an answer that must be a success in the contract's envelope.
    #[track_caller]
    pub(super) fn success(&self) -> Value {
        let json = self.json();
        assert!((200..300).contains(&self.status), "{self:?}");
        assert_eq!(json["status"], self.status, "{self:?}");
        json
    }

    /// Expects a failure in the contract's envelope.
    #[track_caller]
    pub(super) fn fails(&self, status: u16, code: &str) {
        let json = self.json();
        assert_eq!((self.status, json["error"]["code"].as_str()), (status, Some(code)), "{self:?}");
        assert_eq!(json["status"], status, "{self:?}");
        assert!(json["error"]["message"].is_string(), "{self:?}");
    }

    #[track_caller]
    pub(super) fn token(&self) -> String {
        self.success()["token"].as_str().unwrap().to_owned()
    }
}
