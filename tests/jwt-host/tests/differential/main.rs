//! The HS algorithms of the library against jsonwebtoken's own `decode`, on tokens that were
//! changed at random: the same verdict, except where the library is stricter by a decision that
//! has a name here.
//!
//! A program of its own: it installs a provider for the whole process.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what a test cannot set up is its failure")]

mod deal;
mod edits;
mod raw;
mod verdict;

use std::collections::BTreeMap;

use auth_core::token::Algorithm;

use crate::deal::Deal;
use crate::verdict::{Difference, Judges};

/// How many tokens for each algorithm, unless the variable says otherwise.
const TOKENS: u32 = 7_000;
const VARIABLE: &str = "AUTH_TESTS_DIFFERENTIAL_TOKENS";

fn tokens() -> u32 {
    std::env::var(VARIABLE).map_or(TOKENS, |text| text.parse().unwrap())
}

#[expect(clippy::print_stdout, reason = "how often each verdict was reached shows that the test can fail")]
fn differs_only_by_decision(algorithm: Algorithm) {
    let judges = Judges::new(algorithm);
    let mut deal = Deal::new(algorithm);
    let mut tally = BTreeMap::new();
    for _ in 0..tokens() {
        let dealt = deal.token(&judges);
        let difference = judges.difference(&dealt.token);
        let allowed = difference.is_none_but_decided(dealt.decisions);
        assert!(allowed, "{difference:?}, allowed {:?}\n{}\n{}", dealt.decisions, dealt.told, dealt.token);
        *tally.entry(difference).or_insert(0_u32) += 1;
    }
    println!("{algorithm}: {tally:?}");
    assert!(tally[&Difference::BothTake] > 0 && tally[&Difference::BothRefuse] > 0);
}

#[test]
fn hs256_differs_only_by_decision() {
    differs_only_by_decision(Algorithm::Hs256);
}

#[test]
fn hs384_differs_only_by_decision() {
    differs_only_by_decision(Algorithm::Hs384);
}

#[test]
fn hs512_differs_only_by_decision() {
    differs_only_by_decision(Algorithm::Hs512);
}
