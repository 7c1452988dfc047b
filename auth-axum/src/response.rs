use std::borrow::Cow;
use std::sync::LazyLock;

use auth_core::http::AuthResponse;
use axum::body::Body;
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

static CONSTANT_HEADERS: LazyLock<HeaderMap> = LazyLock::new(|| {
    let headers = AuthResponse::CONSTANT_HEADERS.iter();
    headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
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
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}

#[cfg(test)]
mod tests {
    use axum::http::header::CONTENT_LENGTH;

    use super::*;

    /// axum sets it behind every layer of the host, and corrects none that is there already.
    #[test]
    fn the_length_is_left_to_the_framework_because_a_layer_may_rewrite_the_body() {
        assert!(!into_axum(AuthResponse::internal()).headers().contains_key(CONTENT_LENGTH));
    }
}
