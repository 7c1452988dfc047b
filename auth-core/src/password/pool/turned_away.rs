use std::collections::{HashSet, VecDeque};

use super::claimant::ClientKey;

/// So many are remembered. Whoever has more addresses keeps places all the same, and could as well
/// have so many passwords hashed.
const MOST: usize = 1_024;

/// The clients whose last try ended before a limit had let it in. Until one of theirs is let in, no
/// place is kept for them: they could keep others out without ever computing anything.
#[derive(Debug, Default)]
pub(super) struct TurnedAway {
    clients: HashSet<ClientKey>,
    /// The one to forget first in front.
    order: VecDeque<ClientKey>,
}

impl TurnedAway {
    pub(super) fn contains(&self, client: ClientKey) -> bool {
        self.clients.contains(&client)
    }

    pub(super) fn remember(&mut self, client: ClientKey) {
        if !self.clients.insert(client) {
            return;
        }
        self.order.push_back(client);
        if self.order.len() > MOST
            && let Some(first) = self.order.pop_front()
        {
            self.clients.remove(&first);
        }
    }

    pub(super) fn forget(&mut self, client: ClientKey) {
        if self.clients.remove(&client) {
            self.order.retain(|known| *known != client);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn client(number: usize) -> ClientKey {
        let [.., high, low] = number.to_be_bytes();
        Some(IpAddr::from(Ipv4Addr::new(10, 0, high, low))).into()
    }

    #[test]
    fn the_last_thousand_are_remembered_each_once() {
        let mut turned_away = TurnedAway::default();
        for number in (0..2_000).flat_map(|number| [number; 2]) {
            turned_away.remember(client(number));
        }
        assert_eq!((turned_away.clients.len(), turned_away.order.len()), (MOST, MOST));
        assert!(turned_away.contains(client(2_000 - MOST)) && !turned_away.contains(client(1_999 - MOST)));
    }

    #[test]
    fn whoever_is_let_in_leaves_no_trace() {
        let mut turned_away = TurnedAway::default();
        turned_away.remember(client(1));
        turned_away.forget(client(1));
        turned_away.forget(client(2));
        assert!(turned_away.clients.is_empty() && turned_away.order.is_empty());
    }
}
