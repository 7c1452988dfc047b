use std::fmt;

use actix_web::http::StatusCode;
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

pub(crate) fn into_actix(answer: AuthResponse) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for header in answer.headers {
        response.append_header(header);
    }
    response.body(answer.body)
}
