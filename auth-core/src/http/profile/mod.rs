//! What differs between the interfaces that clients may meet. The code is one; it asks these
//! switches.

mod layout;
mod model;
mod moment;
mod wording;

use serde::Serialize;

use super::AuthResponse;
use super::problem::{Asked, Problem};
use crate::account::User;
use crate::auth::Auth;
use crate::config::Profile;
use crate::error::AuthError;

pub(super) use layout::Layout;
pub(super) use moment::Moment;

/// The switches of one interface.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wire {
    pub(super) media_type: MediaType,
    pub(super) byte_order_mark: ByteOrderMark,
    pub(super) fields: Fields,
    pub(super) body_token: BodyToken,
    pub(super) scheme: Scheme,
    /// The status of a sign-up that made an account.
    pub(super) created: u16,
    pub(super) user: UserObject,
    pub(super) expiry: Moment,
    pub(super) restore_reply: RestoreReply,
    pub(super) envelope: Envelope,
    pub(super) wording: Wording,
    pub(super) layout: Layout,
}

/// What `Content-Type` must say where a body is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    Json,
    /// It is not looked at.
    Any,
}

/// What becomes of a byte order mark before the body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ByteOrderMark {
    Refused,
    Skipped,
}

/// How a member of a body is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Fields {
    /// By its type; `null` counts as absent.
    #[default]
    Typed,
    /// As Python's `if value` does: `null`, `false`, `0`, `""`, `[]` and `{}` count as absent.
    Truthy,
}

/// Where `/validation` and `/get_user` look for their token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyToken {
    /// In the header where the body has none.
    OrHeader,
    Only,
}

/// What may stand before the token in `Authorization` on `/refresh` and `/signout`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Bearer,
    /// Nothing will do too; another scheme is a bad token.
    BearerOrNone,
}

/// How an account is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum UserObject {
    /// As [`PublicUser`](crate::account::PublicUser).
    Public,
    /// The ten keys of Django's user model, in its order.
    DjangoModel,
}

/// What a request for a restoring mail is answered, mail or not.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RestoreReply {
    /// One sentence for everybody.
    Fixed,
    /// A sentence with the address that was sent.
    Echo,
}

/// What stands around the text of a refusal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Envelope {
    /// The status, then message, code and field.
    Coded,
    /// The message alone, then the status.
    Plain,
}

/// Which statuses and texts refusals have.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wording {
    Documented,
    Python,
}

const DOCUMENTED: Wire = Wire {
    media_type: MediaType::Json,
    byte_order_mark: ByteOrderMark::Refused,
    fields: Fields::Typed,
    body_token: BodyToken::OrHeader,
    scheme: Scheme::Bearer,
    created: 200,
    user: UserObject::Public,
    expiry: Moment::Rfc3339,
    restore_reply: RestoreReply::Fixed,
    envelope: Envelope::Coded,
    wording: Wording::Documented,
    layout: Layout::Compact,
};

const DJANGO: Wire = Wire {
    media_type: MediaType::Any,
    byte_order_mark: ByteOrderMark::Skipped,
    fields: Fields::Truthy,
    body_token: BodyToken::Only,
    scheme: Scheme::BearerOrNone,
    created: 201,
    user: UserObject::DjangoModel,
    expiry: Moment::DateAndTime,
    restore_reply: RestoreReply::Echo,
    envelope: Envelope::Plain,
    wording: Wording::Python,
    layout: Layout::Python,
};

impl Wire {
    pub(super) const fn of(profile: Profile) -> &'static Self {
        match profile {
            Profile::Documented => &DOCUMENTED,
            Profile::Django => &DJANGO,
        }
    }

    /// What a client reads of an error.
    pub(super) fn problem(&self, error: &AuthError, asked: Asked) -> Problem {
        let problem = Problem::of(error, asked);
        match self.wording {
            Wording::Documented => problem,
            Wording::Python => wording::python(error, asked).apply(problem),
        }
    }

    /// A body that is not one JSON object.
    pub(super) fn invalid_body(&self) -> Problem {
        match self.wording {
            Wording::Documented => Problem::invalid_body(),
            Wording::Python => wording::NOT_JSON.apply(Problem::invalid_body()),
        }
    }

    pub(super) fn refusal(&self, problem: Problem) -> AuthResponse {
        match self.envelope {
            Envelope::Coded => problem.coded(self.layout),
            Envelope::Plain => problem.plain(self.layout),
        }
    }

    pub(super) fn user(&self, status: u16, user: &User) -> AuthResponse {
        match self.user {
            UserObject::Public => self.success(status, &UserBody { user: user.public(), status }),
            UserObject::DjangoModel => self.success(status, &UserBody { user: model::DjangoUser::from(user), status }),
        }
    }

    pub(super) fn token(&self, token: &str) -> AuthResponse {
        self.success(200, &TokenBody { token, status: 200 })
    }

    pub(super) fn message(&self, message: &str) -> AuthResponse {
        self.success(200, &MessageBody { message, status: 200 })
    }

    pub(super) fn restore_reply(&self, address: &str) -> AuthResponse {
        match self.restore_reply {
            RestoreReply::Fixed => {
                self.message("If this address has an account, a mail with a link to a new password is on its way.")
            }
            RestoreReply::Echo => self.message(&format!("Email has sent. The address is {address}")),
        }
    }

    fn success(&self, status: u16, body: &impl Serialize) -> AuthResponse {
        AuthResponse::json(status, body, self.layout)
    }
}

// The members stand in the order of the contract.

#[derive(Serialize)]
struct UserBody<U> {
    user: U,
    status: u16,
}

#[derive(Serialize)]
struct TokenBody<'a> {
    token: &'a str,
    status: u16,
}

#[derive(Serialize)]
struct MessageBody<'a> {
    message: &'a str,
    status: u16,
}

impl Auth {
    /// The interface that the clients of this `Auth` meet.
    pub(super) fn wire(&self) -> &'static Wire {
        Wire::of(self.inner.settings.profile)
    }

    /// A refusal as the clients of this `Auth` read it, whatever their profile.
    #[must_use]
    pub fn refuse(&self, problem: Problem) -> AuthResponse {
        self.wire().refusal(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(answer: &AuthResponse) -> &str {
        std::str::from_utf8(&answer.body).unwrap()
    }

    #[test]
    fn the_documented_refusal_has_a_code_and_the_django_one_a_message_alone() {
        let refused = |wire: &Wire| wire.refusal(Problem::method_not_allowed());
        let documented = r#"{"status":405,"error":{"message":"Use POST here.","code":"method_not_allowed"}}"#;
        assert_eq!(body(&refused(&DOCUMENTED)), documented);
        assert_eq!(body(&refused(&DJANGO)), r#"{"error": {"message": "Use POST here."}, "status": 405}"#);
        assert!(refused(&DJANGO).headers().any(|header| header == ("allow", "POST")));
    }

    #[test]
    fn a_limit_of_ours_keeps_its_status_and_its_headers_in_either_profile() {
        let retry_after = std::time::Duration::from_secs(3);
        let throttled = AuthError::Throttled { limit: crate::throttle::Limit::Login, retry_after };
        for (error, status) in [(AuthError::Busy { retry_after }, 503), (throttled, 429)] {
            for wire in [&DOCUMENTED, &DJANGO] {
                let refused = wire.refusal(wire.problem(&error, Asked::Route(crate::http::Route::Signin)));
                assert_eq!(refused.status, status);
                assert!(refused.headers().any(|header| header == ("retry-after", "3")));
            }
        }
    }

    #[test]
    fn only_the_django_profile_repeats_an_address() {
        assert!(!body(&DOCUMENTED.restore_reply("ann@x.example")).contains("ann@x.example"));
        let echo = r#"{"message": "Email has sent. The address is \u00e4@x", "status": 200}"#;
        assert_eq!(body(&DJANGO.restore_reply("ä@x")), echo);
    }

    #[test]
    fn a_body_that_is_no_json_is_400_in_either_profile() {
        assert_eq!(DOCUMENTED.invalid_body(), Problem::invalid_body());
        let python = DJANGO.invalid_body();
        assert_eq!((python.status, &*python.message), (400, "Incorrect data format, JSON expected"));
    }
}
