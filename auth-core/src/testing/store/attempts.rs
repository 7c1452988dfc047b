//! The properties of an [`AttemptStore`].

use std::time::Duration;

use super::actors::{at, at_each_await, drop_after};
use super::property::properties;
use crate::clock::Timestamp;
use crate::store::AttemptStore;
use crate::throttle::{AtMost, AttemptKey, Backoff, Held, LEASE, Limit, Reservation, Rule, Tier, Trust, Verdict};

crate::__attempt_store_properties! { { properties } attempts: dyn AttemptStore; }

/// The limit of a window is exact, and so is the time to wait.
pub async fn so_many_are_let_in_and_the_next_one_when_the_window_is_over(attempts: &dyn AttemptStore) {
    let tier = tier("window", at_most(3));
    for second in 0..3 {
        fail(attempts, &[tier], at(second)).await;
    }
    assert_eq!(wait(attempts, &[tier], at(10)).await, seconds(50));
    assert_eq!(wait(attempts, &[tier], at(59)).await, seconds(1));
    fail(attempts, &[tier], at(60)).await;
}

/// Asking again does not make anybody wait longer, and a tier that would have let the attempt in
/// does not count what another refused.
pub async fn what_is_refused_is_counted_nowhere(attempts: &dyn AttemptStore) {
    let (full, open) = (tier("refused: full", at_most(1)), tier("refused: open", at_most(2)));
    fail(attempts, &[full], at(0)).await;
    for _ in 0..5 {
        let Reservation::RetryAfter(refusal) = reserve(attempts, &[open, full], at(1)).await else {
            panic!("one tier refuses, so the attempt is refused");
        };
        assert_eq!(refusal.retry_after, seconds(59));
    }
    fail(attempts, &[open], at(2)).await;
    fail(attempts, &[open], at(2)).await;
    assert_eq!(wait(attempts, &[open], at(2)).await, seconds(60));
}

/// What counts in a window is what failed, what is under way and what nobody settled.
pub async fn a_success_and_a_refund_give_back_what_was_counted_in_a_window(attempts: &dyn AttemptStore) {
    let tier = tier("given back", at_most(2));
    for verdict in [Verdict::Success, Verdict::Refund, Verdict::Failure, Verdict::Success] {
        let held = granted(attempts, &[tier], at(0)).await;
        settle(attempts, held, verdict, at(1)).await;
    }
    let _unsettled = granted(attempts, &[tier], at(2)).await;
    assert_eq!(wait(attempts, &[tier], at(2)).await, seconds(58));
}

/// Servers and connections differ, so that what began first does not always come first.
pub async fn what_began_later_and_came_first_is_given_back_too(attempts: &dyn AttemptStore) {
    let window = [tier("out of order, in a window", at_most(2))];
    let later = granted(attempts, &window, at(1)).await;
    let _earlier = granted(attempts, &window, at(0)).await;
    settle(attempts, later, Verdict::Refund, at(1)).await;
    let _next = granted(attempts, &window, at(1)).await;

    let turns = [tier("out of order, by turns", backoff())];
    let earlier = granted(attempts, &turns, at(0)).await;
    let mut now = at(0);
    for pause in [0, 2, 4, 8, 10] {
        fail(attempts, &turns, now).await;
        now = now + seconds(pause);
    }
    let turn = granted(attempts, &turns, now).await;
    settle(attempts, earlier, Verdict::Refund, now.minus(seconds(1))).await;
    settle(attempts, turn, Verdict::Refund, now).await;
    let _next = granted(attempts, &turns, now).await;
}

/// Each pause is twice the one before, up to the longest.
pub async fn pauses_begin_after_the_free_failures_and_double(attempts: &dyn AttemptStore) {
    let tier = tier("backoff", backoff());
    fail(attempts, &[tier], at(0)).await;
    let mut now = at(0);
    for pause in [2, 4, 8, 10, 10] {
        fail(attempts, &[tier], now).await;
        assert_eq!(wait(attempts, &[tier], now).await, seconds(pause));
        now = now + seconds(pause);
    }
}

/// After the right password everything is as new.
pub async fn a_success_forgets_failures(attempts: &dyn AttemptStore) {
    let tier = tier("success", backoff());
    fail(attempts, &[tier], at(0)).await;
    fail(attempts, &[tier], at(0)).await;
    let held = granted(attempts, &[tier], at(2)).await;
    settle(attempts, held, Verdict::Success, at(2)).await;
    fail(attempts, &[tier], at(2)).await;
    fail(attempts, &[tier], at(2)).await;
    assert_eq!(wait(attempts, &[tier], at(2)).await, seconds(2));
}

/// However many sign in at the same time: before one has failed, nobody waits.
pub async fn attempts_under_way_alone_put_off_nobody(attempts: &dyn AttemptStore) {
    let tier = tier("under way", backoff());
    let mut under_way = Vec::new();
    for _ in 0..20 {
        under_way.push(granted(attempts, &[tier], at(0)).await);
    }
    for held in under_way {
        settle(attempts, held, Verdict::Success, at(1)).await;
    }
    fail(attempts, &[tier], at(1)).await;
    fail(attempts, &[tier], at(1)).await;
    assert_eq!(wait(attempts, &[tier], at(1)).await, seconds(2));
}

/// A pause that is over is no door for a crowd.
pub async fn after_the_free_failures_one_attempt_has_the_turn(attempts: &dyn AttemptStore) {
    let tier = tier("turn", backoff());
    fail(attempts, &[tier], at(0)).await;
    fail(attempts, &[tier], at(0)).await;
    let held = granted(attempts, &[tier], at(2)).await;
    assert_eq!(wait(attempts, &[tier], at(2)).await, seconds(2), "while the first is under way");
    settle(attempts, held, Verdict::Failure, at(3)).await;
    assert_eq!(wait(attempts, &[tier], at(3)).await, seconds(4), "and longer, once it has failed");
}

/// A fault of ours costs the client nothing, and gains it nothing.
pub async fn a_refund_gives_back_its_own_turn_and_no_other(attempts: &dyn AttemptStore) {
    let tier = tier("refund", backoff());
    let early = granted(attempts, &[tier], at(0)).await;
    fail(attempts, &[tier], at(0)).await;
    fail(attempts, &[tier], at(0)).await;
    settle(attempts, early, Verdict::Refund, at(1)).await;
    assert_eq!(wait(attempts, &[tier], at(1)).await, seconds(1), "the pause is that of the two failures");
    let turn = granted(attempts, &[tier], at(2)).await;
    settle(attempts, turn, Verdict::Refund, at(2)).await;
    let turn = granted(attempts, &[tier], at(2)).await;
    settle(attempts, turn, Verdict::Failure, at(2)).await;
    assert_eq!(wait(attempts, &[tier], at(2)).await, seconds(4), "the third failure, not the fourth");
}

/// Going away before the answer gains nothing.
pub async fn an_attempt_that_nobody_settles_has_failed_when_its_lease_is_over(attempts: &dyn AttemptStore) {
    let tier = tier("lease", backoff());
    let _gone = granted(attempts, &[tier], at(0)).await;
    let late = granted(attempts, &[tier], at(0)).await;
    let after = at(0) + 2 * LEASE;
    // Two have failed by now, so this one takes the turn.
    let turn = granted(attempts, &[tier], after).await;
    assert_eq!(wait(attempts, &[tier], after).await, seconds(2));
    settle(attempts, late, Verdict::Failure, after).await;
    settle(attempts, turn, Verdict::Failure, after).await;
    assert_eq!(wait(attempts, &[tier], after).await, seconds(4), "nothing counts twice");
}

/// A failure now and then never adds up.
pub async fn failures_are_forgotten_after_the_memory(attempts: &dyn AttemptStore) {
    let tier = tier("memory", backoff());
    for hours in 0..5 {
        fail(attempts, &[tier], at(hours * 3_600)).await;
    }
    fail(attempts, &[tier], at(4 * 3_600 + 3_599)).await;
    assert_eq!(wait(attempts, &[tier], at(4 * 3_600 + 3_599)).await, seconds(2));
}

/// A client that has signed in is not kept out by what strangers do to its login.
pub async fn a_known_key_spares_what_honours_it_and_nothing_else(attempts: &dyn AttemptStore) {
    let own = Tier { trust: Trust::Given(seconds(1_000)), ..tier("known: own", backoff()) };
    let stranger = Tier { trust: Trust::Given(seconds(1_000)), ..tier("known: stranger", at_most(99)) };
    let login = Tier { trust: Trust::Honoured, ..tier("known: login", backoff()) };
    let held = granted(attempts, &[own, login], at(0)).await;
    settle(attempts, held, Verdict::Success, at(0)).await;
    for now in [0, 0, 2] {
        fail(attempts, &[stranger, login], at(now)).await;
    }
    assert_eq!(wait(attempts, &[stranger, login], at(3)).await, seconds(3));
    fail(attempts, &[own, login], at(3)).await;
    fail(attempts, &[own, login], at(3)).await;
    assert_eq!(wait(attempts, &[own, login], at(3)).await, seconds(2), "its own failures still count");
    fail(attempts, &[stranger, login], at(990)).await;
    fail(attempts, &[own, login], at(995)).await;
    assert_eq!(wait(attempts, &[own, login], at(1_000)).await, seconds(5), "it is known no longer");
}

/// A pause or a window of the future ends as late as one that begins now.
pub async fn a_clock_that_was_set_back_keeps_nobody_out_longer(attempts: &dyn AttemptStore) {
    let tiers = [tier("back: window", at_most(2)), tier("back: backoff", backoff())];
    fail(attempts, &tiers, at(10_000)).await;
    fail(attempts, &tiers, at(10_000)).await;
    assert_eq!(wait(attempts, &tiers[..1], at(0)).await, seconds(60));
    assert_eq!(wait(attempts, &tiers[1..], at(0)).await, seconds(10));
}

/// Failures, pauses and windows: a restored password begins anew.
pub async fn what_is_forgotten_is_as_new(attempts: &dyn AttemptStore) {
    let tiers = [tier("forget: window", at_most(2)), tier("forget: backoff", backoff())];
    let under_way = granted(attempts, &tiers[1..], at(0)).await;
    fail(attempts, &tiers, at(0)).await;
    fail(attempts, &tiers, at(0)).await;
    attempts.forget(&tiers.map(|tier| tier.key)).await.expect("forget");
    settle(attempts, under_way, Verdict::Failure, at(0)).await;
    fail(attempts, &tiers, at(0)).await;
    assert!(matches!(reserve(attempts, &tiers, at(0)).await, Reservation::Granted(_)));
    attempts.forget(&[]).await.expect("forget nothing");
}

/// Whoever restores a password at home is not a stranger there afterwards.
pub async fn who_is_known_stays_known_when_all_is_forgotten(attempts: &dyn AttemptStore) {
    let own = Tier { trust: Trust::Given(seconds(1_000)), ..tier("kept trust: own", backoff()) };
    let login = Tier { trust: Trust::Honoured, ..tier("kept trust: login", at_most(1)) };
    let held = granted(attempts, &[own, login], at(0)).await;
    settle(attempts, held, Verdict::Success, at(0)).await;
    attempts.forget(&[own.key]).await.expect("forget");
    fail(attempts, &[login], at(0)).await;
    fail(attempts, &[own, login], at(1)).await;
}

/// What is still counted stays, and no purge takes more than it may.
pub async fn a_purge_forgets_what_is_over_and_nothing_else(attempts: &dyn AttemptStore) {
    while attempts.purge(at(1_000_000), 100).await.expect("purge") > 0 {}
    let later = 1_000_000;
    let kept = tier("purge: kept", backoff());
    fail(attempts, &[kept], at(later)).await;
    fail(attempts, &[kept], at(later)).await;
    for name in ["purge: one", "purge: two", "purge: three"] {
        fail(attempts, &[tier(name, at_most(1))], at(later)).await;
    }
    assert_eq!(attempts.purge(at(later + 59), 100).await.expect("purge"), 0);
    assert_eq!(attempts.purge(at(later + 61), 2).await.expect("purge"), 2);
    assert_eq!(attempts.purge(at(later + 61), 100).await.expect("purge"), 1);
    assert_eq!(wait(attempts, &[kept], at(later)).await, seconds(2));
    assert_eq!(attempts.purge(at(later + 3_700), 100).await.expect("purge"), 1);
}

/// Whoever goes away while the store works was counted everywhere or nowhere.
pub async fn a_dropped_reservation_is_whole_or_not_there(attempts: &dyn AttemptStore) {
    at_each_await(async |polls| {
        let tiers = two_tiers(&format!("dropped reservation {polls}"));
        let done = drop_after(polls, attempts.reserve(&tiers, at(0))).await.is_some();
        let left = left(attempts, tiers).await;
        assert!(left == [1, 1] || (!done && left == [2, 2]), "after {polls} polls {left:?} were left");
        done
    })
    .await;
}

/// [`AttemptStore::settle`]: a success gives back everywhere or nowhere.
pub async fn a_dropped_settlement_is_whole_or_not_there(attempts: &dyn AttemptStore) {
    at_each_await(async |polls| {
        let tiers = two_tiers(&format!("dropped settlement {polls}"));
        let held = granted(attempts, &tiers, at(0)).await;
        let done = drop_after(polls, attempts.settle(held, Verdict::Success, at(1))).await.is_some();
        let left = left(attempts, tiers).await;
        assert!(left == [2, 2] || (!done && left == [1, 1]), "after {polls} polls {left:?} were left");
        done
    })
    .await;
}

/// [`AttemptStore::forget`].
pub async fn a_dropped_forgetting_is_whole_or_not_there(attempts: &dyn AttemptStore) {
    at_each_await(async |polls| {
        let tiers = two_tiers(&format!("dropped forgetting {polls}"));
        fail(attempts, &tiers, at(0)).await;
        let done = drop_after(polls, attempts.forget(&tiers.map(|tier| tier.key))).await.is_some();
        let left = left(attempts, tiers).await;
        assert!(left == [2, 2] || (!done && left == [1, 1]), "after {polls} polls {left:?} were left");
        done
    })
    .await;
}

fn two_tiers(name: &str) -> [Tier; 2] {
    ["a", "b"].map(|tier_name| tier(&format!("{name} {tier_name}"), at_most(2)))
}

/// How many more each tier lets in.
async fn left(attempts: &dyn AttemptStore, tiers: [Tier; 2]) -> [u32; 2] {
    let mut left = [0, 0];
    for (tier, left) in tiers.iter().zip(&mut left) {
        while let Reservation::Granted(_) = reserve(attempts, &[*tier], at(1)).await {
            *left += 1;
        }
    }
    left
}

/// A tier of a promise's own.
pub(super) fn tier(name: &str, rule: Rule) -> Tier {
    use sha2::{Digest as _, Sha256};
    let bits = Sha256::digest(name).iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte));
    Tier { limit: Limit::Client, key: AttemptKey::from_bits(bits), rule, trust: Trust::Ignored }
}

pub(super) fn at_most(most: u32) -> Rule {
    Rule::AtMost(AtMost::new(most, seconds(60)))
}

/// Two are free; then two seconds, doubling to ten; forgotten after an hour.
pub(super) fn backoff() -> Rule {
    Rule::Backoff(Backoff { free: 2, first: seconds(2), longest: seconds(10), memory: seconds(3_600) })
}

pub(super) async fn reserve(attempts: &dyn AttemptStore, tiers: &[Tier], now: Timestamp) -> Reservation {
    attempts.reserve(tiers, now).await.expect("reserve")
}

pub(super) async fn settle(attempts: &dyn AttemptStore, held: Held, verdict: Verdict, now: Timestamp) {
    attempts.settle(held, verdict, now).await.expect("settle");
}

async fn granted(attempts: &dyn AttemptStore, tiers: &[Tier], now: Timestamp) -> Held {
    match reserve(attempts, tiers, now).await {
        Reservation::Granted(held) => held,
        Reservation::RetryAfter(refusal) => panic!("refused: {refusal:?}"),
    }
}

async fn fail(attempts: &dyn AttemptStore, tiers: &[Tier], now: Timestamp) {
    let held = granted(attempts, tiers, now).await;
    settle(attempts, held, Verdict::Failure, now).await;
}

/// How long somebody is put off.
async fn wait(attempts: &dyn AttemptStore, tiers: &[Tier], now: Timestamp) -> Duration {
    match reserve(attempts, tiers, now).await {
        Reservation::Granted(_) => panic!("let in"),
        Reservation::RetryAfter(refusal) => refusal.retry_after,
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
