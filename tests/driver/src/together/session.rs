//! Tokens that are refreshed at both servers.

use std::collections::HashSet;

use serde_json::json;

use super::crowd::contend;
use super::{CONTENDERS, PASSWORD, Pair, ROUNDS};
use crate::program::Program;

/// A second tab may well talk to the other server.
pub fn sixteen_refreshes_of_one_token_get_one_successor_and_nobody_is_signed_out(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let mut successors = 0;
    for round in 0..ROUNDS {
        let name = format!("ann {round}");
        pair.post(round, "/auth/signup", &json!({"username": name, "password": PASSWORD})).success();
        let token = pair.signs_in(round, &name, PASSWORD).token();
        let tokens: HashSet<_> =
            contend(CONTENDERS, |number| pair.refreshes(number, &token).token()).into_iter().collect();
        assert_eq!(tokens.len(), 1, "round {round}");
        for successor in &tokens {
            assert_ne!(*successor, token);
            pair.server(round).post("/auth/get_user", &json!({"token": successor})).success();
            pair.refreshes(round + 1, successor).success();
        }
        successors += tokens.len();
    }
    let repeated = ROUNDS * (CONTENDERS - 1);
    let counts = [("rotations", successors), ("the same token", repeated), ("signed out", 0)];
    pair.report("16 refreshes of one token", ROUNDS, &counts);
}
