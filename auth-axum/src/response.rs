use std::borrow::Cow;

use auth_core::http::AuthResponse;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::name::header_name;

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

pub(crate) fn into_axum(answer: AuthResponse) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().reserve(answer.headers.len());
    for (name, value) in answer.headers {
        let value = match value {
            Cow::Borrowed(value) => Ok(HeaderValue::from_static(value)),
            Cow::Owned(value) => HeaderValue::try_from(value),
        };
        if let Ok(value) = value {
            response.headers_mut().append(header_name(name), value);
        }
    }
    response
}
