//! Limits that many run up against at the same time.

use std::sync::Arc;
use std::time::Duration;

use super::{CONTENDERS, Tally, contend, first};
use crate::clock::Timestamp;
use crate::store::AttemptStore;
use crate::testing::store::actors::at;
use crate::testing::store::attempts::{at_most, backoff, reserve, settle, tier};
use crate::throttle::{Backoff, Reservation, Rule, Tier, Verdict};

/// How many wrong passwords come at once.
const HUNDRED: usize = 100;

/// Whoever is first when a pause ends has the turn; nobody else has it too.
pub async fn a_pause_that_is_over(instances: &[Arc<dyn AttemptStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let tier = tier(&format!("turn race {round}"), backoff());
        for _ in 0..2 {
            assert!(fails(first(instances), &[tier], at(0)).await, "the free failures");
        }
        let turns = contend(instances, CONTENDERS, |attempts, _| async move {
            matches!(reserve(&*attempts, &[tier], at(2)).await, Reservation::Granted(_))
        });
        let turns = count(turns.await);
        assert_eq!(turns, 1, "round {round}: {turns} had the turn");
        winners += turns;
    }
    Tally { race: "a pause that is over", rounds, contenders: CONTENDERS, winners }
}

/// A client has as many tries as its limit says, however many it makes at once.
pub async fn wrong_passwords_of_one_client(instances: &[Arc<dyn AttemptStore>], rounds: u32) -> Tally {
    const LIMIT: usize = 30;
    let mut winners = 0;
    for round in 0..rounds {
        let client = tier(&format!("one client race {round}"), at_most(30));
        let tried = contend(instances, HUNDRED, |attempts, _| async move { fails(&*attempts, &[client], at(0)).await });
        let tried = count(tried.await);
        assert_eq!(tried, LIMIT, "round {round}: the limit is not what it says");
        winners += tried;
    }
    Tally { race: "wrong passwords of one client, 30 allowed", rounds, contenders: HUNDRED, winners }
}

/// A hundred wrong passwords are a hundred, not one fewer and not one more.
pub async fn wrong_passwords_of_a_hundred_clients(instances: &[Arc<dyn AttemptStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let login = |free| tier(&format!("hundred race {round} {free}"), free_until(free));
        let (reached, not_reached) = (login(100), login(101));
        let tried = contend(instances, HUNDRED, |attempts, number| async move {
            let client = tier(&format!("hundred race {round} client {number}"), at_most(30));
            fails(&*attempts, &[client, reached, not_reached], at(0)).await
        });
        let tried = count(tried.await);
        assert_eq!(tried, HUNDRED, "round {round}: what is under way put somebody off");
        assert!(!fails(first(instances), &[reached], at(1)).await, "round {round}: the counter was outrun");
        assert!(fails(first(instances), &[not_reached], at(1)).await, "round {round}: one was counted twice");
        winners += tried;
    }
    Tally { race: "wrong passwords of 100 clients, all counted", rounds, contenders: HUNDRED, winners }
}

fn free_until(free: u32) -> Rule {
    let hour = Duration::from_secs(3_600);
    Rule::Backoff(Backoff { free, first: hour, longest: hour, memory: hour })
}

/// Makes an attempt that fails; whether it was let in.
async fn fails(attempts: &dyn AttemptStore, tiers: &[Tier], now: Timestamp) -> bool {
    match reserve(attempts, tiers, now).await {
        Reservation::RetryAfter(_) => false,
        Reservation::Granted(held) => {
            settle(attempts, held, Verdict::Failure, now).await;
            true
        }
    }
}

fn count(let_in: Vec<bool>) -> usize {
    let_in.into_iter().filter(|let_in| *let_in).count()
}
