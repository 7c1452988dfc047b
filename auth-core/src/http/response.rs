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
    /// Every header but `Content-Length`.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// JSON in UTF-8.
    pub body: Vec<u8>,
}

impl AuthResponse {
    /// JSON that nobody may keep and no browser may take for something else.
    pub(super) fn json(status: u16, body: &impl Serialize, layout: Layout) -> Self {
        let headers = [
            ("content-type", "application/json"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ];
        Self {
            status,
            headers: headers.map(|(name, value)| (name, Cow::Borrowed(value))).to_vec(),
            // Maps with string keys and plain values always serialise.
            body: layout.write(body).unwrap_or_default(),
        }
    }

    /// The answer for a fault in how the host set things up, where there is no
    /// [`Auth`](crate::Auth) to ask for its profile.
    #[must_use]
    pub fn internal() -> Self {
        Problem::internal().into_response()
    }

    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The body can hold a token.
impl std::fmt::Debug for AuthResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthResponse").field("status", &self.status).finish_non_exhaustive()
    }
}
