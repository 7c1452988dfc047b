//! Hashes that a sign-in brings up to date.

use serde_json::json;

use super::crowd::contend;
use super::hashes::Hashes;
use super::{PASSWORD, Pair, ROUNDS};
use crate::http::Answer;
use crate::program::Program;

const NEW: &str = "the rain stopped at noon";
const SIGN_INS: usize = 4;

/// A hash of [`PASSWORD`] that costs almost nothing, as no server of today writes one.
const OUTDATED: &str = "$argon2id$v=19$m=8,t=1,p=1$c29tZSBzYWx0IG9mIDE2IA$pmImKT622QWX4/VCRIyu2qytcknxSAG63KAoTexcVME";

/// How an upgrade ended that raced a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Upgrade {
    First,
    Lost,
    Untried,
}

/// One server upgrades what the other one replaces, and they swap roles in the next round. What was
/// written in which order is the database's own word.
pub fn an_upgrade_of_a_hash_never_overwrites_a_change(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let hashes = Hashes::watch(&pair.database);
    let rounds = 2 * ROUNDS;
    let (mut signed_in, mut upgrades) = (0, Vec::new());
    for round in 0..rounds {
        let email = format!("ann{round}@x.example");
        pair.joins(round, &email);
        let link = pair.link(round, &email, 0);
        hashes.write(&email, OUTDATED);
        let let_in = race(&pair, round, &email, &link);
        upgrades.push(upgrade(&hashes, &email, let_in));
        let history = hashes.history(&email);
        for number in 0..2 {
            signs_in(&pair, 10 * round + 5 + number, number, &email, PASSWORD).fails(401, "credentials");
            signs_in(&pair, 10 * round + 5 + number, number, &email, NEW).success();
        }
        assert_eq!(hashes.history(&email), history, "round {round}: nothing is left to upgrade");
        signed_in += let_in;
    }
    let ended = |how| upgrades.iter().filter(|upgrade| **upgrade == how).count();
    let counts = [
        ("changes kept", rounds),
        ("changes lost", 0),
        ("upgrade first", ended(Upgrade::First)),
        ("upgrade lost", ended(Upgrade::Lost)),
        ("no upgrade tried", ended(Upgrade::Untried)),
        ("signed in", signed_in),
        ("refused", rounds * SIGN_INS - signed_in),
        ("dead afterwards", signed_in),
    ];
    pair.report("4 upgrades of a hash against a change of password", rounds, &counts);
}

fn signs_in(pair: &Pair, client: usize, number: usize, email: &str, password: &str) -> Answer {
    pair.post_from(client, number, "/auth/signin", &json!({"username": email, "password": password}))
}

/// The change is made, whoever is first. How many were let in, none of whom is in any more.
fn race(pair: &Pair, round: usize, email: &str, link: &str) -> usize {
    let answers = contend(1 + SIGN_INS, |number| {
        if number == 0 {
            pair.post(round, "/auth/restore", &json!({"token": link, "new_password": NEW}))
        } else {
            signs_in(pair, 10 * round + number, round + 1, email, PASSWORD)
        }
    });
    answers[0].success();
    let (let_in, refused): (Vec<_>, Vec<_>) = answers[1..].iter().partition(|answer| answer.status == 200);
    for answer in refused {
        answer.fails(401, "credentials");
    }
    for answer in &let_in {
        pair.assert_dead(&answer.token());
    }
    let_in.len()
}

/// The last write was the change, and at most one upgrade came before it: it kept the epoch.
fn upgrade(hashes: &Hashes<'_>, email: &str, let_in: usize) -> Upgrade {
    let history = hashes.history(email);
    let [outdated, upgrades @ .., change] = &history[..] else { panic!("{email}: {history:?}") };
    assert_eq!(hashes.stored(email), *change, "{email}");
    assert_ne!(change.epoch, outdated.epoch, "{email}: an upgrade came after the change");
    match upgrades {
        [] if let_in == 0 => Upgrade::Untried,
        [] => Upgrade::Lost,
        [upgrade] => {
            assert_eq!(upgrade.epoch, outdated.epoch, "{email}");
            assert!(upgrade.password.contains("m=19456,"), "{email}: {}", upgrade.password);
            Upgrade::First
        }
        more => panic!("{email}: {more:?}"),
    }
}
