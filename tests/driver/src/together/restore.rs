//! Links, and what they end.

use serde_json::json;

use super::crowd::contend;
use super::{CONTENDERS, PASSWORD, Pair, ROUNDS};
use crate::program::Program;

const NEW: &str = "the rain stopped at noon";

fn choice(number: usize) -> String {
    format!("the choice of number {number}")
}

/// Uses links at one moment; which contenders succeeded. Everybody else heard that there is no such
/// link, and of all passwords only those of the winners open the account.
fn uses(pair: &Pair, round: usize, email: &str, links: &[String], contenders: usize) -> Vec<usize> {
    let answers = contend(contenders, |number| {
        let step2 = json!({"token": links[number % links.len()], "new_password": choice(number)});
        pair.post(number + round, "/auth/restore", &step2)
    });
    let mut winners = Vec::new();
    for (number, answer) in answers.iter().enumerate() {
        if answer.status == 200 {
            winners.push(number);
        } else {
            answer.fails(400, "restore_token");
        }
    }
    for number in 0..contenders {
        let opens = pair.signs_in(number, email, &choice(number)).status == 200;
        assert_eq!(opens, winners.contains(&number), "number {number}");
    }
    pair.signs_in(round, email, PASSWORD).fails(401, "credentials");
    winners
}

/// With sixteen passwords.
pub fn of_sixteen_uses_of_one_link_one_wins_and_only_its_password_works(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let mut won = 0;
    for round in 0..ROUNDS {
        let email = format!("ann{round}@x.example");
        pair.joins(round, &email);
        let link = pair.link(round + 1, &email, 0);
        let winners = uses(&pair, round, &email, &[link], CONTENDERS);
        assert_eq!(winners.len(), 1, "round {round}");
        won += winners.len();
    }
    pair.report("16 uses of one restoring token", ROUNDS, &[("winners", won), ("losers", ROUNDS * CONTENDERS - won)]);
}

/// The second request replaces what the first one sent. A limit would refuse it within a minute.
pub fn of_two_links_used_at_once_the_newer_one_wins(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "off") else { return };
    let mut won = 0;
    for round in 0..ROUNDS {
        let email = format!("ann{round}@x.example");
        pair.joins(round, &email);
        let links = [pair.link(round, &email, 0), pair.link(round + 1, &email, 1)];
        let winners = uses(&pair, round, &email, &links, 2);
        assert_eq!(winners, [1], "round {round}");
        won += winners.len();
    }
    pair.report("two restore requests, then both links", ROUNDS, &[("winners", won), ("losers", 2 * ROUNDS - won)]);
}

/// Whoever came in with the old password is out again.
pub fn a_sign_in_with_the_old_password_does_not_survive_its_change(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let (mut signed_in, mut refused) = (0, 0);
    for round in 0..ROUNDS {
        let email = format!("ann{round}@x.example");
        pair.joins(round, &email);
        let link = pair.link(round, &email, 0);
        let answers = contend(9, |number| match number {
            0 => pair.post(round, "/auth/restore", &json!({"token": link, "new_password": NEW})),
            _ => pair.signs_in(number + round, &email, PASSWORD),
        });
        answers[0].success();
        for answer in &answers[1..] {
            if answer.status == 200 {
                pair.assert_dead(&answer.token());
                signed_in += 1;
            } else {
                answer.fails(401, "credentials");
                refused += 1;
            }
        }
        pair.signs_in(round, &email, NEW).success();
    }
    let counts = [("signed in", signed_in), ("refused", refused), ("dead afterwards", signed_in)];
    pair.report("8 sign-ins against a change of password", ROUNDS, &counts);
}

/// No session of before outlives it, however it is refreshed meanwhile.
pub fn no_older_lineage_survives_a_restore(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let (mut refreshed, mut refused) = (0, 0);
    for round in 0..ROUNDS {
        let email = format!("ann{round}@x.example");
        pair.joins(round, &email);
        let link = pair.link(round, &email, 0);
        let tokens: Vec<_> = (0..4).map(|number| pair.signs_in(number, &email, PASSWORD).token()).collect();
        let answers = contend(5, |number| match tokens.get(number) {
            // Again and again, so that some fall between the two sides of the restore.
            Some(token) => (0..6).try_fold(token.clone(), |token, step| {
                let answer = pair.refreshes(number + step, &token);
                if answer.status == 200 { Ok(answer.token()) } else { Err(answer) }
            }),
            None => Err(pair.post(round, "/auth/restore", &json!({"token": link, "new_password": NEW}))),
        });
        for (number, answer) in answers.into_iter().enumerate() {
            match answer {
                Err(answer) if number == 4 => drop(answer.success()),
                Err(answer) => {
                    answer.fails(401, "token_revoked");
                    refused += 1;
                }
                Ok(token) => {
                    pair.assert_dead(&token);
                    refreshed += 1;
                }
            }
        }
        for token in &tokens {
            pair.assert_dead(token);
        }
        pair.signs_in(round, &email, NEW).success();
    }
    let counts = [("all refreshed", refreshed), ("refused on the way", refused), ("alive afterwards", 0)];
    pair.report("4 chains of refreshes against a restore", ROUNDS, &counts);
}
