//! Who is asking, as far as the connection tells.

use std::net::{IpAddr, Ipv6Addr};

/// The longest user agent that is kept, in characters.
const MAX_USER_AGENT: usize = 256;

/// The client of a request: for events, session lists and limits. It is never a credential.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ClientInfo {
    /// The peer, or the right-most hop that is not one of the configured proxies.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` header, cut at 256 characters, without control characters.
    pub user_agent: Option<String>,
}

impl ClientInfo {
    /// A client from what the server knows.
    #[must_use]
    pub fn new(ip: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let user_agent = user_agent
            .map(|text| text.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect::<String>())
            .filter(|text| !text.is_empty());
        Self { ip, user_agent }
    }
    /// Whom a limit takes for one client: an IPv4 address, or an IPv6 network of 64 bits, because
    /// one customer has that many addresses.
    pub(crate) fn network(&self) -> Option<IpAddr> {
        self.ip.map(network)
    }
}

/// See [`ClientInfo::network`].
pub(crate) fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}
