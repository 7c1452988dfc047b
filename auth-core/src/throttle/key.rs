use std::fmt;
use std::net::IpAddr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Limit;
use crate::account::Login;
use crate::client::ClientInfo;
use crate::restore::EncryptKey;

/// What is counted, as a keyed digest of 128 bits: a copy of the store tells no name, no address and
/// no client, not even to somebody who guesses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptKey(u128);

impl AttemptKey {
    /// A key from its number; for the tests of a store.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The key as a store keeps it: 32 characters of lower-case hexadecimal, in the order of the keys.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{:032x}", self.0)
    }
}

impl fmt::Debug for AttemptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttemptKey(..)")
    }
}

/// Makes the keys. Its own key is derived from the first `EMAIL_ENCRYPT_KEY`: with another one,
/// everything that was counted is forgotten.
#[derive(Clone)]
pub(crate) struct AttemptKeys(Hmac<Sha256>);

impl AttemptKeys {
    pub(crate) fn new(key: &EncryptKey) -> Option<Self> {
        let derived = key.derive(b"auth attempt key 1")?;
        Hmac::new_from_slice(&*derived).ok().map(Self)
    }

    /// The key of a client under this limit.
    pub(crate) fn client(&self, limit: Limit, client: &ClientInfo) -> AttemptKey {
        self.key(limit, &[&network(client)])
    }

    /// The key of whatever was submitted as a login. A text that no account can have is one too.
    pub(crate) fn login(&self, limit: Limit, submitted: &str) -> AttemptKey {
        self.key(limit, &[&canonical(submitted)])
    }

    /// The key of a client at a login.
    pub(crate) fn login_and_client(&self, limit: Limit, submitted: &str, client: &ClientInfo) -> AttemptKey {
        self.key(limit, &[&canonical(submitted), &network(client)])
    }

    /// The key of mails of one kind to one recipient.
    pub(crate) fn recipient(&self, limit: Limit, kind: &str, recipient: &str) -> AttemptKey {
        self.key(limit, &[kind.as_bytes(), recipient.as_bytes()])
    }

    /// The one key of a limit for everybody together.
    pub(crate) fn everybody(&self, limit: Limit) -> AttemptKey {
        self.key(limit, &[])
    }

    fn key(&self, limit: Limit, parts: &[&[u8]]) -> AttemptKey {
        let mut mac = self.0.clone();
        for part in std::iter::once(limit.as_str().as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let digest = mac.finalize().into_bytes();
        AttemptKey(digest.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
    }
}

/// The form in which logins are compared: spelling a name otherwise gains no attempt.
fn canonical(submitted: &str) -> Vec<u8> {
    Login::coarsest(submitted).into_bytes()
}

/// All clients whose address is not known are one.
fn network(client: &ClientInfo) -> Vec<u8> {
    match client.network() {
        Some(IpAddr::V4(ip)) => ip.octets().to_vec(),
        Some(IpAddr::V6(ip)) => ip.octets().to_vec(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> AttemptKeys {
        AttemptKeys::new(&EncryptKey::from_bytes([7; 32])).unwrap()
    }

    fn client(ip: &str) -> ClientInfo {
        ClientInfo::new(ip.parse().ok(), None)
    }

    #[test]
    fn another_spelling_of_a_login_is_the_same_key() {
        let key = |login| keys().login(Limit::Login, login);
        assert_eq!(key("ann"), key("ANN"));
        assert_eq!(key("Ann@Example.org"), key("ann@example.org"));
        assert_ne!(key("ann"), key("bob"));
        assert_ne!(key("a\0"), key("b\0"));
        for spelling in ["\u{ff41}nn@example.org", "a\u{ff4e}N@example.org", "ann\u{ff20}example.org"] {
            assert_eq!(key(spelling), key("ann@example.org"), "{spelling}");
        }
        assert_eq!(key("ANN@localhost"), key("ann@localhost"));
    }

    #[test]
    fn an_ipv6_network_of_64_bits_is_one_client() {
        let key = |ip| keys().client(Limit::Client, &client(ip));
        assert_eq!(key("2001:db8:0:1::1"), key("2001:db8:0:1:ffff::2"));
        assert_ne!(key("2001:db8:0:1::1"), key("2001:db8:0:2::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_ne!(key("192.0.2.1"), key("nobody knows"));
    }

    #[test]
    fn one_name_under_two_limits_or_two_secrets_is_two_keys() {
        let other = AttemptKeys::new(&EncryptKey::from_bytes([8; 32])).unwrap();
        let key = keys().login(Limit::Login, "ann");
        assert_ne!(key, keys().login(Limit::Lock, "ann"));
        assert_ne!(key, other.login(Limit::Login, "ann"));
    }

    #[test]
    fn the_text_of_a_key_sorts_as_the_key_does() {
        let keys = [1, 10, 1 << 64, u128::MAX].map(AttemptKey::from_bits);
        assert!(keys.map(AttemptKey::to_text).is_sorted() && keys.is_sorted());
        assert_eq!(AttemptKey::from_bits(255).to_text(), format!("{}ff", "0".repeat(30)));
    }
}
