//! Counters in Redis, which no crowd outruns.

use serde_json::json;

use super::crowd::contend;
use super::{PASSWORD, Pair};
use crate::program::Program;

const HUNDRED: usize = 100;
/// What a client may fail in a minute.
const CLIENT: usize = 30;
/// After so many failures in a row at one login there is one try a minute.
const LOGIN: usize = 20;

/// However they are spread over the two.
pub fn a_hundred_wrong_passwords_of_one_client_are_thirty(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let guess = |number| {
        let credentials = json!({"username": format!("nobody {number}"), "password": "wrong"});
        pair.post_from(1, number, "/auth/signin", &credentials)
    };
    let answers = contend(HUNDRED, guess);
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    for answer in answers.iter().filter(|answer| answer.status != 401) {
        answer.fails(429, "throttled");
        assert!(answer.header("retry-after").is_some());
    }
    assert!(tried <= CLIENT, "the counter was outrun: {tried}");
    // A busy server gives back a try that it could not make, and the crowd may be over by then.
    let late = (HUNDRED..=HUNDRED + CLIENT).take_while(|number| guess(*number).status == 401).count();
    assert_eq!(tried + late, CLIENT);
    let counts = [("tried", tried), ("refused", HUNDRED - tried)];
    pair.report("100 wrong passwords of one client", 1, &counts);
}

/// From a hundred clients; the owner, who has signed in before, still comes in.
pub fn a_hundred_wrong_passwords_at_one_login_close_it_at_both_and_not_to_its_owner(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let owner = 1_000;
    let ann = json!({"username": "ann", "password": PASSWORD});
    pair.post(owner, "/auth/signup", &ann).success();
    pair.post_from(owner, 0, "/auth/signin", &ann).success();
    let guess = json!({"username": "ann", "password": "wrong"});
    let answers = contend(HUNDRED, |number| pair.post(number, "/auth/signin", &guess));
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    for answer in answers.iter().filter(|answer| answer.status != 401) {
        answer.fails(429, "throttled");
    }
    assert!(tried >= LOGIN, "{tried}");
    for number in 0..2 {
        pair.post(2_000 + number, "/auth/signin", &guess).fails(429, "throttled");
        pair.post(3_000 + number, "/auth/signin", &ann).fails(429, "throttled");
    }
    pair.post_from(owner, 1, "/auth/signin", &ann).success();
    let counts = [("tried", tried), ("refused", HUNDRED - tried), ("let in afterwards", 0)];
    pair.report("100 wrong passwords at one login", 1, &counts);
}
