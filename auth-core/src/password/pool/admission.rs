use std::collections::HashMap;
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

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// All places are taken.
    Full,
    /// Others are free, but this client or sign-up has its share.
    Share,
}

/// Who holds how many places; as plain numbers, without threads.
#[derive(Debug)]
pub(super) struct Admission {
    places: usize,
    held: usize,
    sign_ups: usize,
    by_client: HashMap<ClientKey, usize>,
}

impl Admission {
    pub(super) fn new(places: usize) -> Self {
        Self { places, held: 0, sign_ups: 0, by_client: HashMap::new() }
    }

    pub(super) fn places(&self) -> usize {
        self.places
    }

    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// Takes a place, unless that would be more than everybody's, sign-up's or this client's share.
    pub(super) fn admit(&mut self, client: ClientKey, purpose: Purpose) -> Result<(), Refused> {
        let mine = self.by_client.get(&client).copied().unwrap_or(0);
        if self.held >= self.places {
            return Err(Refused::Full);
        }
        if (purpose == Purpose::SignUp && self.sign_ups >= self.sign_up_share()) || mine >= self.most(client, purpose) {
            return Err(Refused::Share);
        }
        self.held += 1;
        self.sign_ups += usize::from(purpose == Purpose::SignUp);
        self.by_client.insert(client, mine + 1);
        Ok(())
    }

    /// Gives back what [`Admission::admit`] took.
    pub(super) fn release(&mut self, client: ClientKey, purpose: Purpose) {
        self.held = self.held.saturating_sub(1);
        self.sign_ups = self.sign_ups.saturating_sub(usize::from(purpose == Purpose::SignUp));
        match self.by_client.get_mut(&client) {
            Some(mine) if *mine > 1 => *mine -= 1,
            _ => drop(self.by_client.remove(&client)),
        }
    }

    /// How many places one client may hold when it asks for one more. No single one takes all that
    /// sign-up gets.
    fn most(&self, client: ClientKey, purpose: Purpose) -> usize {
        match (client, purpose) {
            (ClientKey::Unknown, _) => self.places,
            (ClientKey::Known(_), Purpose::SignUp) => self.client_share().min((self.sign_up_share() / 2).max(1)),
            (ClientKey::Known(_), _) => self.client_share(),
        }
    }

    fn client_share(&self) -> usize {
        (self.places / 8).max(2)
    }

    fn sign_up_share(&self) -> usize {
        (self.places / 4).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(text: &str) -> ClientKey {
        Some(text.parse().unwrap()).into()
    }

    /// How many of many attempts were let in.
    fn admitted(admission: &mut Admission, client: ClientKey, purpose: Purpose) -> usize {
        (0..1_000).filter(|_| admission.admit(client, purpose).is_ok()).count()
    }

    #[test]
    fn one_client_holds_an_eighth_and_at_least_two() {
        assert_eq!(admitted(&mut Admission::new(80), client("10.0.0.1"), Purpose::SignIn), 10);
        assert_eq!(admitted(&mut Admission::new(8), client("10.0.0.1"), Purpose::SignIn), 2);
        assert_eq!(admitted(&mut Admission::new(1), client("10.0.0.1"), Purpose::SignIn), 1);
    }

    #[test]
    fn clients_without_an_address_have_only_the_common_bound() {
        assert_eq!(admitted(&mut Admission::new(80), ClientKey::Unknown, Purpose::SignIn), 80);
    }

    #[test]
    fn sign_up_gets_a_quarter_and_at_least_one() {
        let mut admission = Admission::new(80);
        assert_eq!(admitted(&mut admission, ClientKey::Unknown, Purpose::SignUp), 20);
        assert_eq!(admitted(&mut admission, ClientKey::Unknown, Purpose::Restore), 60);
        assert_eq!(admitted(&mut Admission::new(2), ClientKey::Unknown, Purpose::SignUp), 1);
    }

    #[test]
    fn a_network_of_64_bits_and_a_mapped_address_are_one_client() {
        assert_eq!(client("2001:db8::1"), client("2001:db8::ffff:0:0:1"));
        assert_ne!(client("2001:db8::1"), client("2001:db8:0:1::1"));
        assert_eq!(client("::ffff:10.0.0.1"), client("10.0.0.1"));
        assert_ne!(client("10.0.0.1"), client("10.0.0.2"));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_leaves_no_trace() {
        let mut admission = Admission::new(2);
        let ann = client("10.0.0.1");
        assert_eq!(admission.admit(ann, Purpose::SignUp), Ok(()));
        assert_eq!(admission.admit(ann, Purpose::SignUp), Err(Refused::Share));
        admission.release(ann, Purpose::SignUp);
        assert!(admission.by_client.is_empty() && admission.held() == 0);
        assert_eq!(admission.admit(ann, Purpose::SignUp), Ok(()));
    }
}
