use crate::error::{AuthError, FieldFault, Revocation};
use crate::http::problem::{Asked, Problem};
use crate::http::route::Route;
use crate::restore::RestoreFault;
use crate::store::Unique;

/// Another status and text for the same refusal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wording {
    /// The Python service had no such refusal.
    AsDocumented,
    Instead(u16, &'static str),
}

impl Wording {
    pub(super) fn apply(self, problem: Problem) -> Problem {
        match self {
            Self::AsDocumented => problem,
            Self::Instead(status, message) => problem.reworded(status, message),
        }
    }
}

pub(super) const NOT_JSON: Wording = Wording::Instead(400, "Incorrect data format, JSON expected");
const NO_TOKEN: Wording = Wording::Instead(400, "No Autherization token");
const WRONG_FIELDS: Wording = Wording::Instead(400, "Incorrect data fields");
const NOBODY: Wording = Wording::Instead(404, "User not found");

/// The statuses and texts that clients of the Python service know, slips of the pen included.
pub(super) fn python(error: &AuthError, asked: Asked) -> Wording {
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

fn signup(error: &AuthError) -> Wording {
    match error {
        AuthError::Field { field: "email" | "password", fault: FieldFault::Missing } => {
            Wording::Instead(400, "'email' and 'password' fields are required")
        }
        AuthError::Field { field: "email", .. } => Wording::Instead(400, "Invalid email"),
        AuthError::Identity(_) => {
            Wording::Instead(400, "'username' or 'email_as_name' field is required. If both - 'username' is prior")
        }
        AuthError::Taken(Unique::Email) => Wording::Instead(400, "User with such email already exists"),
        AuthError::Taken(_) => Wording::Instead(400, "User with such username already exists"),
        _ => Wording::AsDocumented,
    }
}

fn signin(error: &AuthError) -> Wording {
    match error {
        AuthError::Field { fault: FieldFault::Missing, .. } => {
            Wording::Instead(400, "'username' and 'password' fields are required")
        }
        AuthError::Field { .. } | AuthError::Credentials(_) => NOBODY,
        _ => Wording::AsDocumented,
    }
}

fn restore(error: &AuthError) -> Wording {
    match error {
        AuthError::Field { fault: FieldFault::Password(_), .. } => Wording::AsDocumented,
        AuthError::Field { .. } | AuthError::TokenMissing => WRONG_FIELDS,
        AuthError::RestoreToken(RestoreFault::Expired) => Wording::Instead(400, "Token expired"),
        AuthError::RestoreToken(RestoreFault::Unknown) => NOBODY,
        AuthError::RestoreToken(_) => Wording::Instead(400, "Invalid token"),
        _ => Wording::AsDocumented,
    }
}

fn validation(error: &AuthError) -> Wording {
    match error {
        AuthError::TokenMissing => WRONG_FIELDS,
        // A success with an error in it.
        AuthError::TokenExpired => Wording::Instead(200, "Token expired"),
        _ => bad_token(error),
    }
}

fn get_user(error: &AuthError) -> Wording {
    match error {
        AuthError::TokenMissing => NO_TOKEN,
        AuthError::TokenExpired => Wording::Instead(400, "Token expired"),
        AuthError::TokenRevoked(Revocation::Deleted) => NOBODY,
        AuthError::Field { .. } | AuthError::TokenInvalid(_) | AuthError::TokenRevoked(_) => {
            Wording::Instead(400, "Invalid token")
        }
        _ => Wording::AsDocumented,
    }
}

fn refresh(error: &AuthError) -> Wording {
    match error {
        AuthError::TokenMissing => NO_TOKEN,
        AuthError::TokenRevoked(Revocation::Deleted) => NOBODY,
        _ => bad_token(error),
    }
}

fn bad_token(error: &AuthError) -> Wording {
    match error {
        AuthError::TokenExpired => Wording::Instead(401, "Token expired"),
        AuthError::Field { .. } | AuthError::TokenInvalid(_) | AuthError::TokenRevoked(_) => {
            Wording::Instead(401, "Invalid token")
        }
        _ => Wording::AsDocumented,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::{PasswordTooLong, Refusal};
    use crate::token::TokenFault;

    fn told(route: Route, error: &AuthError) -> Wording {
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
            assert_eq!(told(route, &bad()), Wording::Instead(401, "Invalid token"));
        }
        assert_eq!(told(Route::GetUser, &bad()), Wording::Instead(400, "Invalid token"));
        assert_eq!(python(&bad(), Asked::Guard), Wording::Instead(401, "Invalid token"));
    }

    #[test]
    fn a_revoked_token_is_a_bad_one_unless_its_user_is_gone() {
        let revoked = |route, why| told(route, &AuthError::TokenRevoked(why));
        assert_eq!(revoked(Route::Refresh, Revocation::EpochChanged), Wording::Instead(401, "Invalid token"));
        assert_eq!(revoked(Route::GetUser, Revocation::Inactive), Wording::Instead(400, "Invalid token"));
        assert_eq!(revoked(Route::Refresh, Revocation::Deleted), NOBODY);
        assert_eq!(revoked(Route::GetUser, Revocation::Deleted), NOBODY);
    }

    #[test]
    fn an_expired_token_is_validated_with_success() {
        assert_eq!(told(Route::Validation, &AuthError::TokenExpired), Wording::Instead(200, "Token expired"));
        assert_eq!(told(Route::GetUser, &AuthError::TokenExpired), Wording::Instead(400, "Token expired"));
        assert_eq!(told(Route::Refresh, &AuthError::TokenExpired), Wording::Instead(401, "Token expired"));
    }

    #[test]
    fn a_restoring_token_is_told_apart_by_what_is_wrong_with_it() {
        let restore = |fault| told(Route::Restore, &AuthError::RestoreToken(fault));
        assert_eq!(restore(RestoreFault::Malformed), Wording::Instead(400, "Invalid token"));
        assert_eq!(restore(RestoreFault::Expired), Wording::Instead(400, "Token expired"));
        assert_eq!(restore(RestoreFault::Unknown), NOBODY);
    }

    #[test]
    fn a_status_other_than_401_asks_for_no_credentials() {
        let refused = NOBODY.apply(Problem::of(&AuthError::Credentials(Refusal::UnknownUser), Asked::Guard));
        assert!(
            refused
                .coded(crate::http::profile::Layout::Compact)
                .headers
                .iter()
                .all(|(name, _)| *name != "www-authenticate")
        );
    }
}
