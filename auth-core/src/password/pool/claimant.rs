use std::net::IpAddr;

use crate::client::network;

/// Why somebody asks for a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To open an account. At most a quarter of the places, so that a flood of new accounts locks
    /// nobody out.
    SignUp,
    /// To set a password with a restoring token.
    Restore,
    /// To change a known password.
    Change,
}

impl Purpose {
    /// A stable name for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "signin",
            Self::SignUp => "signup",
            Self::Restore => "restore",
            Self::Change => "change",
        }
    }
}

/// Whose turn it is: an IPv4 address, an IPv6 network of 64 bits (one customer has that many
/// addresses), or all of those whose address is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ClientKey {
    Known(IpAddr),
    Unknown,
}

impl From<Option<IpAddr>> for ClientKey {
    fn from(client: Option<IpAddr>) -> Self {
        client.map_or(Self::Unknown, |ip| Self::Known(network(ip)))
    }
}

/// Who asks, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claimant {
    pub(super) client: ClientKey,
    pub(super) purpose: Purpose,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(text: &str) -> ClientKey {
        Some(text.parse().unwrap()).into()
    }

    #[test]
    fn a_network_of_64_bits_and_a_mapped_address_are_one_client() {
        assert_eq!(client("2001:db8::1"), client("2001:db8::ffff:0:0:1"));
        assert_ne!(client("2001:db8::1"), client("2001:db8:0:1::1"));
        assert_eq!(client("::ffff:10.0.0.1"), client("10.0.0.1"));
        assert_ne!(client("10.0.0.1"), client("10.0.0.2"));
    }
}
