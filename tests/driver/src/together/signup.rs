//! Sign-ups of what there can be once.

use serde_json::{Value, json};

use super::crowd::contend;
use super::{CONTENDERS, PASSWORD, Pair, ROUNDS};
use crate::program::Program;

fn race(programs: [&Program; 2], name: &str, account: fn(usize, usize) -> Value) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let (mut winners, mut losers) = (0, 0);
    for round in 0..ROUNDS {
        let answers = contend(CONTENDERS, |number| {
            pair.post_from(round * CONTENDERS + number, number, "/auth/signup", &account(round, number))
        });
        let made = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(made, 1, "round {round}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.fails(400, "taken");
            losers += 1;
        }
        winners += made;
    }
    pair.report(name, ROUNDS, &[("winners", winners), ("taken", losers)]);
}

/// Of one name.
pub fn of_sixteen_sign_ups_of_one_name_one_makes_an_account(programs: [&Program; 2]) {
    let account = |round, _| json!({"username": format!("ann {round}"), "password": PASSWORD});
    race(programs, "16 sign-ups of one name", account);
}

/// Of one address.
pub fn of_sixteen_sign_ups_of_one_address_one_makes_an_account(programs: [&Program; 2]) {
    let account = |round, _| json!({"email": format!("ann{round}@x.example"), "password": PASSWORD});
    race(programs, "16 sign-ups of one address", account);
}

/// Of names that are the same once they are folded.
pub fn of_sixteen_sign_ups_of_variants_of_one_name_one_makes_an_account(programs: [&Program; 2]) {
    let account = |round, number: usize| {
        let variant = ["Straße", "STRASSE", "straße", "ｓtrasse"][number / 2 % 4];
        json!({"username": format!("{variant} {round}"), "password": PASSWORD})
    };
    race(programs, "16 sign-ups of variants of one name", account);
}
