use std::fmt::Write as _;

/// One request, exactly as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Every header but those that frame the message.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Body,
}

/// How a body is sent.
#[derive(Debug, Clone)]
pub enum Body {
    /// With its length in the head.
    Sized(Vec<u8>),
    /// In chunks of a thousand bytes, and then the end.
    Chunked(Vec<u8>),
    /// In chunks of a thousand bytes, and the end never comes.
    Endless(Vec<u8>),
}

const CHUNK: usize = 1_000;
/// A longer body is told by its length.
const TOLD: usize = 1_500;

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Body::Sized(Vec::new()),
        }
    }

    /// A `GET`.
    #[must_use]
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A `POST` without a body.
    #[must_use]
    pub fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// With a body and nothing that says what it is.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Sized(body.into());
        self
    }

    /// With a JSON body, as text.
    #[must_use]
    pub fn json(self, body: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", "application/json").body(body)
    }

    /// With the same body, sent in another way.
    #[must_use]
    pub fn sent(mut self, how: impl FnOnce(Vec<u8>) -> Body) -> Self {
        self.body = how(self.body.bytes().to_vec());
        self
    }

    /// The pieces in which it is written to a connection.
    #[must_use]
    pub(crate) fn pieces(&self, host: &str) -> Vec<Vec<u8>> {
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n", self.method, self.target);
        let framing = match &self.body {
            Body::Sized(bytes) if bytes.is_empty() && self.method != "POST" => String::new(),
            Body::Sized(bytes) => format!("content-length: {}\r\n", bytes.len()),
            Body::Chunked(_) | Body::Endless(_) => "transfer-encoding: chunked\r\n".to_owned(),
        };
        head.push_str(&framing);
        let mut head = head.into_bytes();
        for (name, value) in &self.headers {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        head.extend(b"\r\n");
        let mut pieces = vec![head];
        match &self.body {
            Body::Sized(bytes) => pieces.push(bytes.clone()),
            Body::Chunked(bytes) | Body::Endless(bytes) => pieces.extend(bytes.chunks(CHUNK).map(chunk)),
        }
        if let Body::Chunked(_) = self.body {
            pieces.push(b"0\r\n\r\n".to_vec());
        }
        pieces
    }

    /// As a transcript shows it.
    #[must_use]
    pub(crate) fn told(&self) -> String {
        let mut told = format!("{} {}\n", self.method, self.target);
        for (name, value) in &self.headers {
            let _ = writeln!(told, "{name}: {}", value.escape_ascii());
        }
        match &self.body {
            Body::Sized(bytes) if bytes.is_empty() => {}
            Body::Sized(bytes) => told.push_str(&body_told(bytes)),
            Body::Chunked(bytes) => drop(writeln!(told, "<{} bytes in chunks>", bytes.len())),
            Body::Endless(bytes) => drop(writeln!(told, "<{} bytes in chunks, and no end>", bytes.len())),
        }
        told
    }
}

impl Body {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Sized(bytes) | Self::Chunked(bytes) | Self::Endless(bytes) => bytes,
        }
    }
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

fn body_told(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        _ if bytes.len() > TOLD => format!("<{} bytes>\n", bytes.len()),
        Ok(text) if text.chars().all(|c| !c.is_control() && c != '\u{feff}') => format!("{text}\n"),
        _ => format!("{}\n", bytes.escape_ascii()),
    }
}
