use std::collections::HashMap;
use std::time::Duration;

use super::claimant::{Claimant, ClientKey, Purpose};
use super::turned_away::TurnedAway;

/// Somebody who may ask a store on the way to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(super) enum Approaching {
    /// A place is kept free meanwhile.
    Kept,
    /// None is: it has its share, or no limit let it in the last time.
    NotKept,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// All places are taken.
    Full,
    /// Others are free, but this client or sign-up has its share.
    Share,
}

/// However dear a job is, so many may be held: one that runs on each of a few cores, and the next.
const LEAST_PLACES: usize = 4;
/// A browser that sends two requests is no flood.
const LEAST_OF_A_CLIENT: usize = 2;

/// How much may be held at once: waiting for the store, queued or running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Capacity {
    /// In time of one thread.
    pub(super) work: Duration,
    /// Whatever they cost.
    pub(super) places: usize,
}

/// Jobs and the work that they are expected to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) jobs: usize,
    pub(super) work: Duration,
}

/// Who holds how much and who is on the way to it; as plain numbers, without threads.
#[derive(Debug)]
pub(super) struct Admission {
    capacity: Capacity,
    taken: Ledger,
    coming: Ledger,
    turned_away: TurnedAway,
}

/// Jobs, by what is shared out.
#[derive(Debug, Default)]
struct Ledger {
    all: Held,
    sign_ups: Held,
    by_client: HashMap<ClientKey, Held>,
}

impl Admission {
    pub(super) fn new(capacity: Capacity) -> Self {
        Self { capacity, taken: Ledger::default(), coming: Ledger::default(), turned_away: TurnedAway::default() }
    }

    pub(super) fn held(&self) -> Held {
        self.taken.all
    }

    pub(super) fn coming(&self) -> Held {
        self.coming.all
    }

    pub(super) fn capacity(&self) -> Capacity {
        self.capacity
    }

    /// How many jobs of this cost there is room for.
    pub(super) fn places(&self, cost: Duration) -> usize {
        let by_work = self.capacity.work.as_nanos() / cost.as_nanos().max(1);
        let Share { least, most, .. } = self.everybodys();
        usize::try_from(by_work).unwrap_or(usize::MAX).clamp(least, most.max(least))
    }

    /// Lets somebody ask a store on the way to a place, where there is room beside all that is taken or
    /// kept. Nobody keeps others out by more than its share, nor by tries that the limits refuse.
    pub(super) fn approach(&mut self, claimant: Claimant, cost: Duration) -> Result<Approaching, Refused> {
        if !self.everybodys().has_room(self.taken.all.with(self.coming.all), cost) {
            return Err(Refused::Full);
        }
        let used = self.taken.used(claimant.client).with(self.coming.used(claimant.client));
        if self.turned_away.contains(claimant.client) || !self.has_share(used, claimant, cost) {
            return Ok(Approaching::NotKept);
        }
        self.coming.add(claimant, cost);
        Ok(Approaching::Kept)
    }

    /// Keeps no place for this one any longer.
    pub(super) fn leave(&mut self, claimant: Claimant, cost: Duration) {
        self.coming.remove(claimant, cost);
    }

    /// Takes a place for a job of this cost, unless that would be more than everybody's, sign-up's
    /// or this client's share.
    pub(super) fn admit(&mut self, claimant: Claimant, cost: Duration) -> Result<(), Refused> {
        if !self.everybodys().has_room(self.taken.all, cost) {
            return Err(Refused::Full);
        }
        if !self.has_share(self.taken.used(claimant.client), claimant, cost) {
            return Err(Refused::Share);
        }
        self.taken.add(claimant, cost);
        Ok(())
    }

    /// Gives back what [`Admission::admit`] took.
    pub(super) fn release(&mut self, claimant: Claimant, cost: Duration) {
        self.taken.remove(claimant, cost);
    }

    /// No limit let the last try of this client in.
    pub(super) fn turn_away(&mut self, client: ClientKey) {
        self.turned_away.remember(client);
    }

    /// The limits have let this client in.
    pub(super) fn let_in(&mut self, client: ClientKey) {
        self.turned_away.forget(client);
    }

    /// Whether sign-up and this client use less than their share.
    fn has_share(&self, used: Used, claimant: Claimant, cost: Duration) -> bool {
        (claimant.purpose != Purpose::SignUp || self.sign_ups_share().has_room(used.by_sign_ups, cost))
            && self.share_of(claimant).has_room(used.by_client, cost)
    }

    fn everybodys(&self) -> Share {
        let Capacity { work, places } = self.capacity;
        Share { least: LEAST_PLACES.min(places), most: places, work }
    }

    /// What one client may hold. No single one takes all that sign-up gets.
    fn share_of(&self, claimant: Claimant) -> Share {
        let sign_ups = self.sign_ups_share();
        let Capacity { work, places } = self.capacity;
        let most = (places / 8).max(LEAST_OF_A_CLIENT);
        match (claimant.client, claimant.purpose) {
            (ClientKey::Unknown, _) => self.everybodys(),
            (ClientKey::Known(_), Purpose::SignUp) => {
                Share { least: 1, most: most.min((sign_ups.most / 2).max(1)), work: work / 8 }
            }
            (ClientKey::Known(_), _) => Share { least: LEAST_OF_A_CLIENT, most, work: work / 8 },
        }
    }

    fn sign_ups_share(&self) -> Share {
        let Capacity { work, places } = self.capacity;
        Share { least: 1, most: (places / 4).max(1), work: work / 4 }
    }
}

/// A part of the capacity: so much work, but as many jobs as `least` whatever they cost, and never
/// more than `most`.
struct Share {
    least: usize,
    most: usize,
    work: Duration,
}

impl Share {
    fn has_room(&self, held: Held, cost: Duration) -> bool {
        held.jobs < self.least || (held.jobs < self.most && held.work.saturating_add(cost) <= self.work)
    }
}

/// What one client and what all sign-ups use.
#[derive(Clone, Copy)]
struct Used {
    by_client: Held,
    by_sign_ups: Held,
}

impl Used {
    fn with(self, other: Self) -> Self {
        Self { by_client: self.by_client.with(other.by_client), by_sign_ups: self.by_sign_ups.with(other.by_sign_ups) }
    }
}

impl Ledger {
    fn used(&self, client: ClientKey) -> Used {
        Used { by_client: self.by_client.get(&client).copied().unwrap_or_default(), by_sign_ups: self.sign_ups }
    }

    fn add(&mut self, claimant: Claimant, cost: Duration) {
        self.all.add(cost);
        if claimant.purpose == Purpose::SignUp {
            self.sign_ups.add(cost);
        }
        self.by_client.entry(claimant.client).or_default().add(cost);
    }

    fn remove(&mut self, claimant: Claimant, cost: Duration) {
        self.all.remove(cost);
        if claimant.purpose == Purpose::SignUp {
            self.sign_ups.remove(cost);
        }
        if let Some(mine) = self.by_client.get_mut(&claimant.client) {
            mine.remove(cost);
            if mine.jobs == 0 {
                self.by_client.remove(&claimant.client);
            }
        }
    }
}

impl Held {
    pub(super) fn with(self, other: Self) -> Self {
        Self { jobs: self.jobs.saturating_add(other.jobs), work: self.work.saturating_add(other.work) }
    }

    fn add(&mut self, cost: Duration) {
        self.jobs += 1;
        self.work = self.work.saturating_add(cost);
    }

    fn remove(&mut self, cost: Duration) {
        self.jobs = self.jobs.saturating_sub(1);
        self.work = self.work.saturating_sub(cost);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COST: Duration = Duration::from_millis(10);

    fn client(text: &str) -> ClientKey {
        Some(text.parse().unwrap()).into()
    }

    fn of(client: ClientKey, purpose: Purpose) -> Claimant {
        Claimant { client, purpose }
    }

    /// Room for so much work, in jobs of [`COST`].
    fn work(jobs: u32) -> Admission {
        Admission::new(Capacity { work: COST * jobs, places: usize::MAX })
    }

    /// Room for so many jobs, whatever they cost.
    fn places(places: usize) -> Admission {
        Admission::new(Capacity { work: Duration::MAX, places })
    }

    /// How many of many attempts were let in.
    fn admitted(admission: &mut Admission, client: ClientKey, purpose: Purpose) -> usize {
        admitted_at(admission, client, purpose, COST)
    }

    fn admitted_at(admission: &mut Admission, client: ClientKey, purpose: Purpose, cost: Duration) -> usize {
        (0..1_000).filter(|_| admission.admit(of(client, purpose), cost).is_ok()).count()
    }

    #[test]
    fn the_room_is_work_and_not_a_number_of_jobs() {
        assert_eq!(admitted(&mut work(80), ClientKey::Unknown, Purpose::SignIn), 80);
        assert_eq!(admitted_at(&mut work(80), ClientKey::Unknown, Purpose::SignIn, COST * 8), 10);
        let mut mixed = work(80);
        assert_eq!(mixed.admit(of(ClientKey::Unknown, Purpose::SignIn), COST * 78), Ok(()));
        assert_eq!((0..4).filter(|_| mixed.admit(of(ClientKey::Unknown, Purpose::SignIn), COST).is_ok()).count(), 3);
        assert_eq!(mixed.admit(of(ClientKey::Unknown, Purpose::SignIn), COST), Err(Refused::Full));
    }

    #[test]
    fn a_few_are_let_in_however_dear_they_are() {
        assert_eq!(admitted(&mut work(0), ClientKey::Unknown, Purpose::SignIn), 4);
        assert_eq!(admitted(&mut work(0), client("10.0.0.1"), Purpose::SignIn), 2);
        assert_eq!(admitted(&mut work(0), client("10.0.0.1"), Purpose::SignUp), 1);
        assert_eq!(admitted(&mut places(1), ClientKey::Unknown, Purpose::SignIn), 1);
    }

    #[test]
    fn one_client_holds_an_eighth_and_at_least_two() {
        for mut admission in [work(80), places(80)] {
            assert_eq!(admitted(&mut admission, client("10.0.0.1"), Purpose::SignIn), 10);
        }
        for mut admission in [work(8), places(8)] {
            assert_eq!(admitted(&mut admission, client("10.0.0.1"), Purpose::SignIn), 2);
        }
        assert_eq!(admitted(&mut places(1), client("10.0.0.1"), Purpose::SignIn), 1);
    }

    #[test]
    fn clients_without_an_address_have_only_the_common_bound() {
        assert_eq!(admitted(&mut places(80), ClientKey::Unknown, Purpose::SignIn), 80);
    }

    #[test]
    fn sign_up_gets_a_quarter_and_at_least_one() {
        for mut admission in [work(80), places(80)] {
            assert_eq!(admitted(&mut admission, ClientKey::Unknown, Purpose::SignUp), 20);
            assert_eq!(admitted(&mut admission, ClientKey::Unknown, Purpose::Restore), 60);
        }
        assert_eq!(admitted(&mut places(2), ClientKey::Unknown, Purpose::SignUp), 1);
        assert_eq!(admitted(&mut places(80), client("10.0.0.1"), Purpose::SignUp), 10);
        assert_eq!(admitted(&mut work(80), client("10.0.0.1"), Purpose::SignUp), 10);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_leaves_no_trace() {
        let mut admission = places(2);
        let ann = client("10.0.0.1");
        assert_eq!(admission.admit(of(ann, Purpose::SignUp), COST), Ok(()));
        assert_eq!(admission.admit(of(ann, Purpose::SignUp), COST), Err(Refused::Share));
        admission.release(of(ann, Purpose::SignUp), COST);
        assert!(admission.taken.by_client.is_empty());
        assert_eq!((admission.held(), admission.taken.sign_ups), (Held::default(), Held::default()));
        assert_eq!(admission.admit(of(ann, Purpose::SignUp), COST), Ok(()));
    }

    #[test]
    fn no_more_are_let_on_the_way_than_there_are_places_left() {
        let mut admission = places(4);
        let [ann, bob] = ["10.0.0.1", "10.0.0.2"].map(|ip| of(client(ip), Purpose::SignIn));
        assert_eq!(admission.admit(ann, COST), Ok(()));
        for who in [ann, bob, bob] {
            assert_eq!(admission.approach(who, COST), Ok(Approaching::Kept));
        }
        assert_eq!(admission.approach(ann, COST), Err(Refused::Full));
        admission.leave(bob, COST);
        assert_eq!(admission.approach(bob, COST), Ok(Approaching::Kept));
    }

    #[test]
    fn on_the_way_nobody_keeps_others_out_by_more_than_a_share() {
        let mut admission = places(80);
        let ann = of(client("10.0.0.1"), Purpose::SignIn);
        let kept_for = |admission: &mut Admission, claimant| {
            let approaches = (0..1_000).map(|_| admission.approach(claimant, COST));
            approaches.filter(|answer| *answer == Ok(Approaching::Kept)).count()
        };
        assert_eq!(kept_for(&mut admission, ann), 10);
        assert_eq!(kept_for(&mut admission, of(ClientKey::Unknown, Purpose::SignUp)), 20);
        assert_eq!(admission.coming().jobs, 30);
        assert_eq!(admission.approach(ann, COST), Ok(Approaching::NotKept));
        assert_eq!(admitted(&mut admission, client("10.0.0.2"), Purpose::SignIn), 10);
    }

    #[test]
    fn what_a_client_has_taken_counts_to_its_share_of_what_is_kept() {
        let mut admission = places(4);
        let [ann, bob] = ["10.0.0.1", "10.0.0.2"].map(|ip| of(client(ip), Purpose::SignIn));
        assert_eq!([(); 2].map(|()| admission.admit(ann, COST)), [Ok(()); 2]);
        assert_eq!([(); 2].map(|()| admission.approach(ann, COST)), [Ok(Approaching::NotKept); 2]);
        assert_eq!([(); 2].map(|()| admission.approach(bob, COST)), [Ok(Approaching::Kept); 2]);
    }

    #[test]
    fn whoever_the_limits_refuse_keeps_nobody_out_until_it_is_let_in() {
        let mut admission = places(1);
        let [ann, bob] = ["10.0.0.1", "10.0.0.2"].map(|ip| of(client(ip), Purpose::SignIn));
        admission.turn_away(ann.client);
        assert_eq!(admission.approach(ann, COST), Ok(Approaching::NotKept));
        assert_eq!(admission.approach(bob, COST), Ok(Approaching::Kept));
        admission.leave(bob, COST);
        admission.let_in(ann.client);
        assert_eq!(admission.approach(ann, COST), Ok(Approaching::Kept));
    }
}
