//! Hashes that a sign-in brings up to date.

use serde_json::json;

use super::crowd::contend;
use super::hashes::Hashes;
use super::{PASSWORD, Pair, ROUNDS};
use crate::program::Program;

const NEW: &str = "the rain stopped at noon";
const SIGN_INS: usize = 4;

/// A hash of [`PASSWORD`] that costs almost nothing, as no server of today writes one.
const OUTDATED: &str = "$argon2id$v=19$m=8,t=1,p=1$c29tZSBzYWx0IG9mIDE2IA$pmImKT622QWX4/VCRIyu2qytcknxSAG63KAoTexcVME";

/// One server upgrades what the other one replaces, and they swap roles in the next round. What was
/// written in which order is the database's own word.
pub fn an_upgrade_of_a_hash_never_overwrites_a_change(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let hashes = Hashes::watch(&pair.database);
    let rounds = 2 * ROUNDS;
    let (mut first, mut lost, mut untried, mut signed_in, mut refused) = (0, 0, 0, 0, 0);
    for round in 0..rounds {
        let email = format!("ann{round}@x.example");
        pair.joins(round, &email);
        let link = pair.link(round, &email, 0);
        hashes.write(&email, OUTDATED);
        let answers = contend(1 + SIGN_INS, |number| match number {
            0 => pair.post(round, "/auth/restore", &json!({"token": link, "new_password": NEW})),
            _ => {
                let credentials = json!({"username": email, "password": PASSWORD});
                pair.post_from(number, round + 1, "/auth/signin", &credentials)
            }
        });
        answers[0].success();
        let let_in: Vec<_> = answers[1..].iter().filter(|answer| answer.status == 200).collect();
        for answer in &let_in {
            pair.assert_dead(&answer.token());
        }
        for answer in answers[1..].iter().filter(|answer| answer.status != 200) {
            answer.fails(401, "credentials");
        }
        signed_in += let_in.len();
        refused += SIGN_INS - let_in.len();

        let history = hashes.history(&email);
        let [outdated, upgrades @ .., change] = &history[..] else { panic!("round {round}: {history:?}") };
        assert_eq!(hashes.stored(&email), *change, "round {round}");
        assert_ne!(change.epoch, outdated.epoch, "round {round}: an upgrade came after the change");
        match upgrades {
            [] if let_in.is_empty() => untried += 1,
            [] => lost += 1,
            [upgrade] => {
                assert_eq!(upgrade.epoch, outdated.epoch, "round {round}");
                assert!(upgrade.password.contains("m=19456,"), "round {round}: {}", upgrade.password);
                first += 1;
            }
            more => panic!("round {round}: {more:?}"),
        }
        for server in 0..2 {
            pair.post_from(10 + server, server, "/auth/signin", &json!({"username": email, "password": PASSWORD}))
                .fails(401, "credentials");
            pair.post_from(10 + server, server, "/auth/signin", &json!({"username": email, "password": NEW})).success();
        }
        assert_eq!(hashes.history(&email), history, "round {round}: nothing is left to upgrade");
    }
    let counts = [
        ("changes kept", rounds),
        ("changes lost", 0),
        ("upgrade first", first),
        ("upgrade lost", lost),
        ("no upgrade tried", untried),
        ("signed in", signed_in),
        ("refused", refused),
        ("dead afterwards", signed_in),
    ];
    pair.report("4 upgrades of a hash against a change of password", rounds, &counts);
}
