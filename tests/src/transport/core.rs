use std::net::{IpAddr, Ipv4Addr};

use auth_core::Auth;
use auth_core::http::{AuthRequest, BODY_LIMIT, BodyFault, RequestHead, Route};

use crate::answer::Answer;
use crate::request::Request;

/// Does what an adapter does, without a framework.
pub(super) async fn send(auth: &Auth, path: &str, request: &Request) -> Answer {
    assert_eq!(request.method, "POST", "the core knows no other method");
    let below = request.target.strip_prefix(path).unwrap_or_default();
    let route = Route::ALL.into_iter().find(|route| route.path() == below);
    let route = route.unwrap_or_else(|| panic!("the core has no route {}", request.target));
    let answer = auth.handle(AuthRequest::new(route, head(request), body(route, request))).await;
    let headers: Vec<_> = answer.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Answer::new(answer.status, headers, answer.body)
}

fn head(request: &Request) -> RequestHead {
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
    RequestHead::read(Some(IpAddr::from(Ipv4Addr::LOCALHOST)), headers)
}

fn body(route: Route, request: &Request) -> Result<Vec<u8>, BodyFault> {
    match request.body.bytes() {
        _ if !route.reads_body() => Ok(Vec::new()),
        bytes if bytes.len() > BODY_LIMIT => Err(BodyFault::TooLarge),
        bytes => Ok(bytes.to_vec()),
    }
}
