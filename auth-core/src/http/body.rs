use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use super::members::Members;
use super::profile::{BodyToken, ByteOrderMark, MediaType, Wire};
use super::{AuthResponse, BodyFault, Problem, RequestHead, Route};
use crate::config::Profile;

/// A body, which may hold a password. As a whole it is overwritten several times faster than byte by
/// byte, which is how a `Vec` that is zeroized does it; and not what lies behind it: actix reads into a
/// buffer of 32 KiB, of which the body is the beginning.
struct Wiped(Vec<u8>);

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Wire {
    /// The members of the body of a route.
    pub(super) fn read(
        &self,
        route: Route,
        head: &RequestHead,
        body: Result<Vec<u8>, BodyFault>,
    ) -> Result<Members, Problem> {
        let body = self.json_body(head, body)?;
        // These two also take the token from the header, so they do without a body.
        let does_without =
            matches!(route, Route::Validation | Route::GetUser) && self.body_token == BodyToken::OrHeader;
        if body.0.is_empty() && does_without { Ok(Members::default()) } else { self.members(&body.0) }
    }

    fn json_body(&self, head: &RequestHead, body: Result<Vec<u8>, BodyFault>) -> Result<Wiped, Problem> {
        let body = Wiped(body.map_err(|fault| match fault {
            BodyFault::TooLarge => Problem::too_large(),
            BodyFault::Incomplete => self.invalid_body(),
        })?);
        if head.is_json || self.media_type == MediaType::Any { Ok(body) } else { Err(Problem::media_type()) }
    }

    fn members(&self, body: &[u8]) -> Result<Members, Problem> {
        let text = match self.byte_order_mark {
            ByteOrderMark::Refused => body,
            ByteOrderMark::Skipped => body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body),
        };
        Members::read(text, self.fields).map_err(|_| self.invalid_body())
    }
}

/// The members of a JSON body as strictly as the documented routes take them, for routes of your
/// own.
///
/// # Errors
/// With the answer to send: `too_large`, `media_type` or `invalid_body`.
pub fn json_object(head: &RequestHead, body: Result<Vec<u8>, BodyFault>) -> Result<Map<String, Value>, AuthResponse> {
    let wire = Wire::of(Profile::Documented);
    let members = wire.json_body(head, body).and_then(|body| wire.members(&body.0));
    members.map(Members::rest).map_err(Problem::into_response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(profile: Profile, content_type: &str, body: &[u8]) -> Result<(), u16> {
        let head = RequestHead::read(None, [("content-type", content_type.as_bytes())]);
        let read = Wire::of(profile).read(Route::Signin, &head, Ok(body.to_vec()));
        read.map(drop).map_err(|problem| problem.status)
    }

    #[test]
    fn only_the_documented_profile_looks_at_the_media_type() {
        assert_eq!(read(Profile::Documented, "text/plain", b"{}"), Err(415));
        assert_eq!(read(Profile::Django, "text/plain", b"{}"), Ok(()));
    }

    #[test]
    fn only_the_django_profile_skips_a_byte_order_mark_and_only_one() {
        let json = "application/json";
        assert_eq!(read(Profile::Documented, json, b"\xef\xbb\xbf{}"), Err(400));
        assert_eq!(read(Profile::Django, json, b"\xef\xbb\xbf{}"), Ok(()));
        assert_eq!(read(Profile::Django, json, b"\xef\xbb\xbf\xef\xbb\xbf{}"), Err(400));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused_in_either_profile() {
        for body in [&br#"{"a":1,"a":2}"#[..], br#"{"a":NaN}"#, br#"{"a":"\ud800"}"#, b"\xff\xfe{\0}\0", b"[]", b""] {
            for profile in [Profile::Documented, Profile::Django] {
                assert_eq!(read(profile, "application/json", body), Err(400), "{body:?}");
            }
        }
    }

    #[test]
    fn only_the_documented_profile_does_without_a_body_where_the_header_may_have_the_token() {
        let head = RequestHead::read(None, []);
        let read = |profile, route| Wire::of(profile).read(route, &head, Ok(Vec::new())).is_ok();
        assert!(read(Profile::Documented, Route::GetUser) && read(Profile::Documented, Route::Validation));
        assert!(!read(Profile::Django, Route::GetUser) && !read(Profile::Django, Route::Validation));
    }
}
