use serde::Serialize;

/// An answer, whatever the framework.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Every header but `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a page may load or send, all of it from and to this server: scripts, styles and images are
/// files, forms are sent by scripts, nothing is framed.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                           connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
                           require-trusted-types-for 'script'; trusted-types 'none'";

impl Answer {
    fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = [
            ("content-type", content_type),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ];
        Self { status, headers: headers.map(|(name, value)| (name, value.to_owned())).to_vec(), body }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn html(page: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/html; charset=utf-8", page.into()).with_header("content-security-policy", PAGE_POLICY)
    }

    /// A part of a page. It is short, and asked for anew lest it be older than its page.
    pub(crate) fn asset(content_type: &str, bytes: &[u8]) -> Self {
        Self::new(200, content_type, bytes.to_vec())
    }

    pub(crate) fn redirect(path: &str) -> Self {
        Self::new(302, "text/plain; charset=utf-8", Vec::new()).with_header("location", path)
    }

    /// The product's own 404, which is not the account routes'.
    pub(crate) fn nothing_here() -> Self {
        Self::new(404, "text/plain; charset=utf-8", b"Nothing here.\n".to_vec())
    }

    pub(crate) fn internal() -> Self {
        Self::new(500, "text/plain; charset=utf-8", b"Something went wrong on our side.\n".to_vec())
    }

    /// JSON, as the account routes answer it.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // Maps with string keys and plain values always serialise.
        Self::new(status, "application/json", serde_json::to_vec(body).unwrap_or_default())
    }

    /// A refusal in the envelope of the account routes.
    pub(crate) fn problem(status: u16, code: &str, field: Option<&str>, message: &str) -> Self {
        Self::json(status, &Envelope { status, error: Detail { message, code, field } })
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    status: u16,
    error: Detail<'a>,
}

#[derive(Serialize)]
struct Detail<'a> {
    message: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

impl From<auth_core::http::AuthResponse> for Answer {
    fn from(response: auth_core::http::AuthResponse) -> Self {
        let headers = response.headers().map(|(name, value)| (name, value.to_owned())).collect();
        Self { status: response.status, headers, body: response.body }
    }
}
