use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use super::{Approach, Place, Queue};
use crate::password::pool::admission::Refused;
use crate::password::pool::claimant::{Claimant, ClientKey, Purpose};

/// A front page that sends a few requests at once must not be refused on a small machine.
const LEAST_OF_A_CLIENT: usize = 16;

/// Who waits how often for a share of the places to come free; as plain numbers, without threads.
#[derive(Debug, Default)]
pub(super) struct Patience(HashMap<ClientKey, usize>);

impl Patience {
    /// Lets one client wait as often as half of the places, and sixteen times in any case; all
    /// clients together four times the places.
    fn enter(&mut self, client: ClientKey, places: usize) -> bool {
        let mine = self.0.get(&client).copied().unwrap_or(0);
        let all: usize = self.0.values().sum();
        let may = mine < (places / 2).max(LEAST_OF_A_CLIENT) && all < places.saturating_mul(4);
        if may {
            self.0.insert(client, mine + 1);
        }
        may
    }

    fn leave(&mut self, client: ClientKey) {
        match self.0.get_mut(&client) {
            Some(mine) if *mine > 1 => *mine -= 1,
            _ => drop(self.0.remove(&client)),
        }
    }
}

impl Queue {
    /// A place as soon as this claimant has less than its share. Only a full pool, or too many who
    /// wait like this, refuses at once. For whoever waits no place is kept.
    pub(in crate::password::pool) async fn admit_in_turn(
        self: &Arc<Self>,
        claimant: Claimant,
        approach: Option<Approach>,
        patience: Duration,
    ) -> Result<Place, Refused> {
        let kept = approach.and_then(Approach::let_in);
        match self.admit(claimant, kept) {
            Err(Refused::Share) => {}
            decided => return decided,
        }
        let _waiting = self.wait_patiently(claimant.client).ok_or(Refused::Share)?;
        tokio::time::timeout(patience, self.admit_when_freed(claimant)).await.unwrap_or(Err(Refused::Share))
    }

    async fn admit_when_freed(self: &Arc<Self>, claimant: Claimant) -> Result<Place, Refused> {
        loop {
            // Listening begins before the look, so that a place freed in between is not missed.
            let mut freed = pin!(self.freed.notified());
            freed.as_mut().enable();
            match self.admit(claimant, None) {
                Ok(place) => return Ok(place),
                Err(_) if !self.lock().open => return Err(Refused::Full),
                Err(_) => freed.await,
            }
        }
    }

    fn wait_patiently(&self, client: ClientKey) -> Option<Patient<'_>> {
        let mut state = self.lock();
        let places = state.admission.places(state.estimates.of(Purpose::SignIn));
        let may = state.patience.enter(client, places);
        drop(state);
        may.then_some(Patient { queue: self, client })
    }
}

/// Somebody who waits for a share to come free.
struct Patient<'a> {
    queue: &'a Queue,
    client: ClientKey,
}

impl Drop for Patient<'_> {
    fn drop(&mut self) {
        self.queue.lock().patience.leave(self.client);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn client(last: u8) -> ClientKey {
        Some(IpAddr::from(Ipv4Addr::new(10, 0, 0, last))).into()
    }

    fn entered(patience: &mut Patience, client: ClientKey, places: usize) -> usize {
        (0..1_000).filter(|_| patience.enter(client, places)).count()
    }

    #[test]
    fn a_client_waits_as_often_as_half_of_the_places_and_sixteen_times_in_any_case() {
        assert_eq!(entered(&mut Patience::default(), client(1), 80), 40);
        assert_eq!(entered(&mut Patience::default(), client(1), 8), 16);
    }

    #[test]
    fn all_clients_together_wait_four_times_as_often_as_there_are_places() {
        let mut patience = Patience::default();
        assert_eq!((1..=20).map(|last| entered(&mut patience, client(last), 10)).sum::<usize>(), 40);
        patience.leave(client(1));
        assert!(patience.enter(client(21), 10) && !patience.enter(client(22), 10));
    }

    #[test]
    fn whoever_has_gone_leaves_no_trace() {
        let mut patience = Patience::default();
        assert!(patience.enter(client(1), 1) && patience.enter(client(1), 1));
        patience.leave(client(1));
        patience.leave(client(1));
        assert!(patience.0.is_empty());
    }
}
