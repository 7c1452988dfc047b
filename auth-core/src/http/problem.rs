//! What a client reads when something is refused: one table of status, stable code and text.

use std::borrow::Cow;
use std::time::Duration;

use serde::Serialize;

use super::profile::Layout;
use super::{AuthResponse, Route};
use crate::config::SignupIdentity;
use crate::error::{AuthError, FieldFault};
use crate::store::Unique;

/// One way to be refused, as a client reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Stable, for programs.
    pub code: &'static str,
    /// For people.
    pub message: Cow<'static, str>,
    /// The field at fault, where it is one.
    pub field: Option<&'static str>,
    header: Option<(&'static str, String)>,
}

/// Who refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// A route of ours.
    Route(Route),
    /// A guard or an extractor on a route of the host's.
    Guard,
}

impl Asked {
    fn looks_for_the_token_in_the_body(self) -> bool {
        matches!(self, Self::Route(route) if route.reads_body())
    }
}

const BEARER: &str = "Bearer";
const BEARER_INVALID: &str = "Bearer error=\"invalid_token\"";

impl Problem {
    const fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message: Cow::Borrowed(message), field: None, header: None }
    }

    fn header(self, name: &'static str, value: impl Into<String>) -> Self {
        Self { header: Some((name, value.into())), ..self }
    }

    fn field(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    fn message(self, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..self }
    }

    fn retry_after(self, after: Duration) -> Self {
        let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
        self.header("retry-after", seconds.max(1).to_string())
    }

    /// Nothing is mounted here.
    #[must_use]
    pub const fn not_found() -> Self {
        Self::new(404, "not_found", "There is nothing here.")
    }

    /// Every route is `POST`.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(405, "method_not_allowed", "Use POST here.").header("allow", "POST")
    }

    pub(super) const fn too_large() -> Self {
        Self::new(413, "too_large", "The body is too large.")
    }

    pub(super) const fn media_type() -> Self {
        Self::new(415, "media_type", "Send JSON: Content-Type must be application/json.")
    }

    pub(super) const fn invalid_body() -> Self {
        Self::new(400, "invalid_body", "The body must be one JSON object in UTF-8.")
    }

    /// A fault of ours that has no [`AuthError`]: a panic.
    pub(super) const fn internal() -> Self {
        Self::new(500, "internal", "Something went wrong on our side.")
    }

    /// What a client reads of an error.
    pub(super) fn of(error: &AuthError, asked: Asked) -> Self {
        match error {
            AuthError::Field { field, fault } => field_problem(field, fault),
            AuthError::Identity(SignupIdentity::EmailOrUsername) => Self::new(
                400,
                "identity",
                "Sign up with an e-mail address or with a username, not with both or neither.",
            ),
            AuthError::Identity(SignupIdentity::UsernameAndEmail) => {
                Self::new(400, "identity", "Sign up with a username and an e-mail address.")
            }
            AuthError::Identity(SignupIdentity::EmailAndMaybeUsername) => {
                Self::new(400, "identity", "Sign up with an e-mail address, and with a username or email_as_name.")
            }
            AuthError::Taken(Unique::Email) => Self::new(400, "taken", "This address is taken.").field("email"),
            AuthError::Taken(_) => Self::new(400, "taken", "This username is taken.").field("username"),
            AuthError::WeakPassword { field, weakness } => {
                Self::new(400, "weak_password", "").message(weakness.to_string()).field(field)
            }
            AuthError::RestoreToken(_) => {
                Self::new(400, "restore_token", "This link is not valid or not valid any more.")
            }
            AuthError::Credentials(_) => {
                Self::new(401, "credentials", "The name or the password is wrong.").header("www-authenticate", BEARER)
            }
            AuthError::TokenMissing if asked.looks_for_the_token_in_the_body() => {
                Self::new(400, "token_missing", "A token is needed.").field("token")
            }
            AuthError::TokenMissing => {
                Self::new(401, "token_missing", "A token is needed.").header("www-authenticate", BEARER)
            }
            AuthError::TokenInvalid(_) => bad_token("token_invalid", "This token is not valid."),
            AuthError::TokenExpired => bad_token("token_expired", "This token has expired."),
            AuthError::TokenRevoked(_) => {
                bad_token("token_revoked", "This token is not valid any more: sign in again.")
            }
            AuthError::Forbidden => Self::new(403, "forbidden", "This is not allowed."),
            AuthError::Throttled { retry_after, .. } => {
                Self::new(429, "throttled", "Too many attempts. Try again later.").retry_after(*retry_after)
            }
            AuthError::Busy { retry_after } => {
                Self::new(503, "busy", "Too many people are signing in. Try again soon.").retry_after(*retry_after)
            }
            AuthError::Unavailable(_) => {
                Self::new(503, "unavailable", "This does not work at the moment. Try again soon.")
                    .retry_after(Duration::from_secs(5))
            }
            AuthError::Internal(_) => Self::internal(),
        }
    }

    /// The same refusal in other words.
    pub(super) fn reworded(self, status: u16, message: &'static str) -> Self {
        // Only a 401 asks for credentials (RFC 9110 §11.6.1).
        let header = self.header.filter(|(name, _)| status == 401 || *name != "www-authenticate");
        Self { status, message: Cow::Borrowed(message), header, ..self }
    }

    /// The answer in the documented envelope. [`Auth::refuse`](crate::Auth::refuse) answers in that
    /// of the profile.
    #[must_use]
    pub fn into_response(self) -> AuthResponse {
        self.coded(Layout::Compact)
    }

    pub(super) fn coded(self, layout: Layout) -> AuthResponse {
        let error = Detail { message: &self.message, code: self.code, field: self.field };
        let response = AuthResponse::json(self.status, &Envelope { status: self.status, error }, layout);
        self.with_its_header(response)
    }

    pub(super) fn plain(self, layout: Layout) -> AuthResponse {
        let error = PlainDetail { message: &self.message };
        let response = AuthResponse::json(self.status, &PlainEnvelope { error, status: self.status }, layout);
        self.with_its_header(response)
    }

    fn with_its_header(self, response: AuthResponse) -> AuthResponse {
        match self.header {
            Some((name, value)) => response.with_header(name, value),
            None => response,
        }
    }
}

fn bad_token(code: &'static str, message: &'static str) -> Problem {
    Problem::new(401, code, message).header("www-authenticate", BEARER_INVALID)
}

fn field_problem(field: &'static str, fault: &FieldFault) -> Problem {
    let problem = Problem::new(400, "invalid_field", "").field(field);
    match fault {
        FieldFault::Missing => problem.message(format!("The field {field} is needed.")),
        FieldFault::WrongType => problem.message(format!("The field {field} has the wrong type.")),
        FieldFault::Unexpected => problem.message(format!("The field {field} does not belong here.")),
        FieldFault::Username(_) => {
            problem.message("A username has 1 to 150 characters, none of them an @ or a control character.")
        }
        FieldFault::Email(_) => problem.message("This is not an e-mail address that we can write to."),
        FieldFault::Password(_) => problem.message("This password is too long."),
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
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
}

#[derive(Serialize)]
struct PlainEnvelope<'a> {
    error: PlainDetail<'a>,
    status: u16,
}

#[derive(Serialize)]
struct PlainDetail<'a> {
    message: &'a str,
}
