use axum::http::HeaderName;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY, USER_AGENT, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The framework's name of a header. Those of every request and answer are at hand: to find one by
/// its letters is what reading a head costs.
pub(crate) fn header_name(name: &'static str) -> HeaderName {
    match name {
        "authorization" => AUTHORIZATION,
        "cache-control" => CACHE_CONTROL,
        "content-type" => CONTENT_TYPE,
        "referrer-policy" => REFERRER_POLICY,
        "user-agent" => USER_AGENT,
        "www-authenticate" => WWW_AUTHENTICATE,
        "x-content-type-options" => X_CONTENT_TYPE_OPTIONS,
        "x-forwarded-for" => X_FORWARDED_FOR.clone(),
        name => HeaderName::from_static(name),
    }
}
