use crate::error::{AuthError, FieldFault, Revocation};
use crate::http::problem::{Asked, Problem};
use crate::http::route::Route;
use crate::restore::RestoreFault;
use crate::store::Unique;

/// Another status and text for the same refusal, if there is one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rewording {
    /// The Python service had no such refusal, or none of its own words for it.
    None,
    Instead(u16, &'static str),
}

impl Rewording {
    pub(super) fn apply(self, problem: Problem) -> Problem {
        match self {
            Self::None => problem,
            Self::Instead(status, message) => problem.reworded(status, message),
        }
    }
}

pub(super) const NOT_JSON: Rewording = Rewording::Instead(400, "Incorrect data format, JSON expected");
const NO_TOKEN: Rewording = Rewording::Instead(400, "No Autherization token");
const WRONG_FIELDS: Rewording = Rewording::Instead(400, "Incorrect data fields");
const NOBODY: Rewording = Rewording::Instead(404, "User not found");

/// The statuses and texts that clients of the Python service know, slips of the pen included.
pub(super) fn python(error: &AuthError, asked: Asked) -> Rewording {
    match asked {
        Asked::Route(Route::Signup) => signup(error),
        Asked::Route(Route::Signin) => signin(error),
        Asked::Route(Route::Restore) => restore(error),
        Asked::Route(Route::Validation) => validation(error),
        Asked::Route(Route::GetUser) => get_user(error),
        Asked::Route(Route::Refresh | Route::Signout) => refresh(error),
        Asked::Guard => bad_token(error),
    }
}

fn signup(error: &AuthError) -> Rewording {
    match error {
        AuthError::Field { field: "email" | "password", fault: FieldFault::Missing } => {
            Rewording::Instead(400, "'email' and 'password' fields are required")
        }
        AuthError::Field { field: "email", .. } => Rewording::Instead(400, "Invalid email"),
        AuthError::Identity(_) => {
            Rewording::Instead(400, "'username' or 'email_as_name' field is required. If both - 'username' is prior")
        }
        AuthError::Taken(Unique::Email) => Rewording::Instead(400, "User with such email already exists"),
        AuthError::Taken(_) => Rewording::Instead(400, "User with such username already exists"),
        _ => Rewording::None,
    }
}

fn signin(error: &AuthError) -> Rewording {
    match error {
        AuthError::Field { fault: FieldFault::Missing, .. } => {
            Rewording::Instead(400, "'username' and 'password' fields are required")
        }
        AuthError::Field { .. } | AuthError::Credentials(_) => NOBODY,
        _ => Rewording::None,
    }
}

fn restore(error: &AuthError) -> Rewording {
    match error {
        AuthError::Field { fault: FieldFault::Password(_), .. } => Rewording::None,
        AuthError::Field { .. } | AuthError::TokenMissing => WRONG_FIELDS,
        AuthError::RestoreToken(RestoreFault::Expired) => Rewording::Instead(400, "Token expired"),
        AuthError::RestoreToken(RestoreFault::Unknown) => NOBODY,
        AuthError::RestoreToken(_) => Rewording::Instead(400, "Invalid token"),
        _ => Rewording::None,
    }
}

fn validation(error: &AuthError) -> Rewording {
    match error {
        AuthError::TokenMissing => WRONG_FIELDS,
        // A success with an error in it.
        AuthError::TokenExpired => Rewording::Instead(200, "Token expired"),
        _ => bad_token(error),
    }
}

fn get_user(error: &AuthError) -> Rewording {
    match error {
        AuthError::TokenMissing => NO_TOKEN,
        AuthError::TokenExpired => Rewording::Instead(400, "Token expired"),
        AuthError::TokenRevoked(Revocation::Deleted) => NOBODY,
        AuthError::Field { .. } | AuthError::TokenInvalid(_) | AuthError::TokenRevoked(_) => {
            Rewording::Instead(400, "Invalid token")
        }
        _ => Rewording::None,
    }
}

fn refresh(error: &AuthError) -> Rewording {
    match error {
        AuthError::TokenMissing => NO_TOKEN,
        AuthError::TokenRevoked(Revocation::Deleted) => NOBODY,
        _ => bad_token(error),
    }
}

fn bad_token(error: &AuthError) -> Rewording {
    match error {
        AuthError::TokenExpired => Rewording::Instead(401, "Token expired"),
        AuthError::Field { .. } | AuthError::TokenInvalid(_) | AuthError::TokenRevoked(_) => {
            Rewording::Instead(401, "Invalid token")
        }
        _ => Rewording::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::{PasswordTooLong, Refusal};
    use crate::token::TokenFault;

    fn told(route: Route, error: &AuthError) -> Rewording {
        python(error, Asked::Route(route))
    }

    #[test]
    fn a_failed_sign_in_is_an_unknown_user_whatever_was_wrong_with_what_was_sent() {
        for fault in [FieldFault::WrongType, FieldFault::Password(PasswordTooLong { max_bytes: 1 })] {
            assert_eq!(told(Route::Signin, &AuthError::field("password", fault)), NOBODY);
        }
        for refusal in [Refusal::UnknownUser, Refusal::WrongPassword, Refusal::Inactive] {
            assert_eq!(told(Route::Signin, &AuthError::Credentials(refusal)), NOBODY);
        }
    }

    #[test]
    fn a_bad_token_is_401_but_400_where_the_user_is_asked_for() {
        let bad = || AuthError::TokenInvalid(TokenFault::Malformed);
        for route in [Route::Refresh, Route::Validation, Route::Signout] {
            assert_eq!(told(route, &bad()), Rewording::Instead(401, "Invalid token"));
        }
        assert_eq!(told(Route::GetUser, &bad()), Rewording::Instead(400, "Invalid token"));
        assert_eq!(python(&bad(), Asked::Guard), Rewording::Instead(401, "Invalid token"));
    }

    #[test]
    fn a_revoked_token_is_a_bad_one_unless_its_user_is_gone() {
        let revoked = |route, why| told(route, &AuthError::TokenRevoked(why));
        assert_eq!(revoked(Route::Refresh, Revocation::EpochChanged), Rewording::Instead(401, "Invalid token"));
        assert_eq!(revoked(Route::GetUser, Revocation::Inactive), Rewording::Instead(400, "Invalid token"));
        assert_eq!(revoked(Route::Refresh, Revocation::Deleted), NOBODY);
        assert_eq!(revoked(Route::GetUser, Revocation::Deleted), NOBODY);
    }

    #[test]
    fn an_expired_token_is_validated_with_success() {
        assert_eq!(told(Route::Validation, &AuthError::TokenExpired), Rewording::Instead(200, "Token expired"));
        assert_eq!(told(Route::GetUser, &AuthError::TokenExpired), Rewording::Instead(400, "Token expired"));
        assert_eq!(told(Route::Refresh, &AuthError::TokenExpired), Rewording::Instead(401, "Token expired"));
    }

    #[test]
    fn a_restoring_token_is_told_apart_by_what_is_wrong_with_it() {
        let restore = |fault| told(Route::Restore, &AuthError::RestoreToken(fault));
        assert_eq!(restore(RestoreFault::Malformed), Rewording::Instead(400, "Invalid token"));
        assert_eq!(restore(RestoreFault::Expired), Rewording::Instead(400, "Token expired"));
        assert_eq!(restore(RestoreFault::Unknown), NOBODY);
    }

    #[test]
    fn a_status_other_than_401_asks_for_no_credentials() {
        let refused = NOBODY.apply(Problem::of(&AuthError::Credentials(Refusal::UnknownUser), Asked::Guard));
        let answer = refused.coded(crate::http::profile::Layout::Compact);
        assert!(answer.headers().all(|(name, _)| name != "www-authenticate"));
    }
}
