use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use auth_core::http::AuthResponse;

/// Why an extractor or a guard did not let a request through: an answer of the contract, with its
/// status, code and headers.
#[derive(Debug, Clone)]
pub struct AuthRejection(AuthResponse);

impl From<AuthResponse> for AuthRejection {
    fn from(response: AuthResponse) -> Self {
        Self(response)
    }
}

impl fmt::Display for AuthRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with status {}", self.0.status)
    }
}

impl ResponseError for AuthRejection {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        into_actix(self.0.clone())
    }
}

static CONSTANT_HEADERS: LazyLock<Vec<(HeaderName, HeaderValue)>> = LazyLock::new(|| {
    let headers = AuthResponse::CONSTANT_HEADERS.iter();
    headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
});

pub(crate) fn into_actix(answer: AuthResponse) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::new(status);
    for (name, value) in &*CONSTANT_HEADERS {
        response.headers_mut().append(name.clone(), value.clone());
    }
    for (name, value) in answer.further_headers() {
        let value = match value {
            Cow::Borrowed(value) => Ok(HeaderValue::from_static(value)),
            Cow::Owned(value) => HeaderValue::try_from(value),
        };
        if let Ok(value) = value {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response.set_body(BoxBody::new(answer.body))
}
