use std::borrow::Cow;

use serde::Serialize;

use super::Problem;
use super::profile::Layout;

/// An answer, whatever the framework.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthResponse {
    /// The HTTP status.
    pub status: u16,
    further: Vec<(&'static str, Cow<'static, str>)>,
    /// JSON in UTF-8.
    pub body: Vec<u8>,
}

impl AuthResponse {
    /// The headers that every answer has: it is JSON that nobody may keep and no browser may take for
    /// something else.
    pub const CONSTANT_HEADERS: &'static [(&'static str, &'static str)] = &[
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ];

    /// Every header but `Content-Length`, for the answer of a framework:
    ///
    /// ```
    /// use auth_core::http::AuthResponse;
    ///
    /// let answer = AuthResponse::internal();
    /// let mut head = format!("HTTP/1.1 {}\r\n", answer.status);
    /// for (name, value) in answer.headers() {
    ///     head += &format!("{name}: {value}\r\n");
    /// }
    /// assert!(head.contains("cache-control: no-store\r\n"));
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let further = self.further.iter().map(|(name, value)| (*name, &**value));
        Self::CONSTANT_HEADERS.iter().copied().chain(further)
    }

    /// Not all headers, but those beside [`CONSTANT_HEADERS`](Self::CONSTANT_HEADERS), for an adapter
    /// that has these at hand in its framework's own form.
    #[must_use]
    pub fn further_headers(&self) -> &[(&'static str, Cow<'static, str>)] {
        &self.further
    }

    pub(super) fn json(status: u16, body: &impl Serialize, layout: Layout) -> Self {
        // Maps with string keys and plain values always serialise.
        Self { status, further: Vec::new(), body: layout.write(body).unwrap_or_default() }
    }

    /// The answer for a fault in how the host set things up, where there is no
    /// [`Auth`](crate::Auth) to ask for its profile.
    #[must_use]
    pub fn internal() -> Self {
        Problem::internal().into_response()
    }

    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.further.push((name, value.into()));
        self
    }
}

/// The body can hold a token.
impl std::fmt::Debug for AuthResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthResponse").field("status", &self.status).finish_non_exhaustive()
    }
}
