use std::borrow::Cow;
use std::sync::LazyLock;

use auth_core::http::AuthResponse;
use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Why an extractor or a guard did not let a request through: an answer of the contract, with its
/// status, code and headers.
#[derive(Debug, Clone)]
pub struct AuthRejection(AuthResponse);

impl AuthRejection {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<AuthResponse> for AuthRejection {
    fn from(response: AuthResponse) -> Self {
        Self(response)
    }
}

impl IntoResponse for AuthRejection {
    fn into_response(self) -> Response {
        into_axum(self.0)
    }
}

/// With a place for the length, so that a copy need not grow for it.
static CONSTANT_HEADERS: LazyLock<HeaderMap> = LazyLock::new(|| {
    let headers = AuthResponse::CONSTANT_HEADERS.iter();
    let headers = headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    headers.chain([(CONTENT_LENGTH, HeaderValue::from(0))]).collect()
});

pub(crate) fn into_axum(answer: AuthResponse) -> Response {
    let mut headers = CONSTANT_HEADERS.clone();
    for (name, value) in answer.further_headers() {
        let value = match value {
            Cow::Borrowed(value) => Ok(HeaderValue::from_static(value)),
            Cow::Owned(value) => HeaderValue::try_from(value),
        };
        if let Ok(value) = value {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    headers.insert(CONTENT_LENGTH, HeaderValue::from(answer.body.len()));
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}
