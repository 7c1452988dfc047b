use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Authorization, Route};
use crate::client::ClientInfo;

/// The longest body that is read, in bytes. An adapter measures while it streams.
pub const BODY_LIMIT: usize = 16 * 1024;

/// Why an adapter has no body to hand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFault {
    /// Longer than [`BODY_LIMIT`].
    TooLarge,
    /// The connection ended, or took too long, before the body did.
    Incomplete,
}

/// What the head of a request says to us, whatever the framework.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RequestHead {
    /// The `Authorization` header.
    pub authorization: Authorization,
    /// Whether the `Content-Type` lets the body be read as JSON, which an absent one does.
    pub is_json: bool,
    /// The socket's peer.
    pub peer: Option<IpAddr>,
    /// Every value of `X-Forwarded-For`, in order.
    pub forwarded_for: Vec<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
}

impl RequestHead {
    /// Reads a head from all its headers, in order; a name may have capitals (RFC 9110 §5.1).
    ///
    /// A header that was sent several times comes as so many pairs, neither joined nor reduced to one:
    /// two tokens are refused, and of `X-Forwarded-For` the client may have written the first. Without
    /// a `peer` all clients look like one to the limits.
    ///
    /// ```
    /// use auth_core::http::RequestHead;
    ///
    /// let peer = "10.0.0.1".parse().ok();
    /// let headers = [("Content-Type", "text/plain"), ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "1.1.1.1")];
    /// let head = RequestHead::read(peer, headers.map(|(name, value)| (name, value.as_bytes())));
    /// assert!(!head.is_json && head.forwarded_for == ["6.6.6.6", "1.1.1.1"]);
    /// ```
    pub fn read<'h>(peer: Option<IpAddr>, headers: impl IntoIterator<Item = (&'h str, &'h [u8])>) -> Self {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let (mut authorization, mut content_type) = (Sole::default(), Sole::default());
        let (mut forwarded_for, mut user_agent) = (Vec::new(), None);
        for (name, value) in headers {
            if name.eq_ignore_ascii_case("authorization") {
                authorization.add(value);
            } else if name.eq_ignore_ascii_case("content-type") {
                content_type.add(value);
            } else if name.eq_ignore_ascii_case("x-forwarded-for") {
                forwarded_for.push(text(value));
            } else if name.eq_ignore_ascii_case("user-agent") && user_agent.is_none() {
                user_agent = Some(text(value));
            }
        }
        Self {
            authorization: Authorization::read(authorization.values()),
            is_json: super::media_type::is_json(content_type.values()),
            peer,
            forwarded_for,
            user_agent,
        }
    }
}

/// The values of a header that may stand once: two are enough to say that there are several.
#[derive(Default)]
struct Sole<'h>(Option<&'h [u8]>, Option<&'h [u8]>);

impl<'h> Sole<'h> {
    fn add(&mut self, value: &'h [u8]) {
        *if self.0.is_none() { &mut self.0 } else { &mut self.1 } = Some(value);
    }

    fn values(self) -> impl Iterator<Item = &'h [u8]> {
        self.0.into_iter().chain(self.1)
    }
}

/// A request to one route.
#[derive(Clone)]
#[non_exhaustive]
pub struct AuthRequest {
    /// Which action is asked for.
    pub route: Route,
    /// The head.
    pub head: RequestHead,
    /// The body, empty where the route reads none. It is wiped, but not what its buffer has beside it.
    pub body: Result<Vec<u8>, BodyFault>,
}

impl AuthRequest {
    /// A request from what an adapter has read.
    #[must_use]
    pub fn new(route: Route, head: RequestHead, body: Result<Vec<u8>, BodyFault>) -> Self {
        Self { route, head, body }
    }
}

impl std::fmt::Debug for AuthRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthRequest").field("route", &self.route).finish_non_exhaustive()
    }
}

impl crate::Auth {
    /// The client of a request: its peer, or behind the configured proxies the right-most hop that
    /// is not one of them.
    #[must_use]
    pub fn client(&self, head: &RequestHead) -> ClientInfo {
        let hops = self.inner.settings.trusted_proxies;
        let warned = &self.inner.warned;
        if hops == 0 && !head.forwarded_for.is_empty() && first_time(&warned.proxy) {
            tracing::warn!(
                target: "auth",
                "ProxyNotConfigured: a request came with X-Forwarded-For, which is ignored because no proxy is \
                 configured. Behind a proxy every client then looks like the proxy"
            );
        }
        let ip = super::forwarded::client_ip(head.peer, &head.forwarded_for, hops);
        if ip.is_none() && first_time(&warned.no_peer) {
            tracing::warn!(target: "auth", "the server does not tell the peer's address: all clients look like one");
        }
        ClientInfo::new(ip, head.user_agent.as_deref())
    }
}

fn first_time(told: &AtomicBool) -> bool {
    !told.swap(true, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&'static str, &'static str)]) -> RequestHead {
        RequestHead::read(None, headers.iter().map(|(name, value)| (*name, value.as_bytes())))
    }

    #[test]
    fn names_are_found_in_any_case_and_others_are_passed_over() {
        for (bearer, kind, hop, agent) in [
            ("authorization", "content-type", "x-forwarded-for", "user-agent"),
            ("Authorization", "Content-Type", "X-Forwarded-For", "USER-AGENT"),
        ] {
            let head =
                read(&[("host", "h"), (bearer, "Bearer a"), (kind, "text/plain"), (hop, "1.1.1.1"), (agent, "curl")]);
            assert!(matches!(head.authorization, Authorization::Bearer(_)) && !head.is_json, "{bearer}");
            assert_eq!(
                (head.forwarded_for, head.user_agent),
                (vec!["1.1.1.1".into()], Some("curl".into())),
                "{bearer}"
            );
        }
        let head = read(&[("authorisation", "Bearer a"), ("x-content-type", "text/plain")]);
        assert!(head.authorization == Authorization::Absent && head.is_json);
    }

    #[test]
    fn of_repeated_headers_every_hop_counts_in_order_and_the_first_agent_and_none_of_what_stands_once() {
        let head = read(&[
            ("x-forwarded-for", "1.1.1.1"),
            ("authorization", "Bearer a"),
            ("content-type", "application/json"),
            ("user-agent", "one"),
            ("x-forwarded-for", "2.2.2.2"),
            ("authorization", "Bearer a"),
            ("content-type", "application/json"),
            ("user-agent", "two"),
            ("authorization", "Bearer a"),
        ]);
        assert_eq!(head.forwarded_for, ["1.1.1.1", "2.2.2.2"]);
        assert_eq!((head.authorization, head.is_json), (Authorization::Faulty, false));
        assert_eq!(head.user_agent.as_deref(), Some("one"));
    }
}
