//! A hundred and one wrong passwords in every minute, and what the owner sees of it.

use std::time::Duration;

use auth_tests::{Case, Client, Guesses, NEW_PW, PW, World};

use super::behind_a_proxy;

const MINUTES: usize = 8;
const TRIES: usize = 101;
const HOME: &str = "192.0.2.1";
const CAFE: &str = "198.51.100.7";

/// Everybody tries at the beginning of a minute, and the owner half a minute later: at home, where
/// she has signed in before, and in a café, where she has not. In the last but one minute she
/// restores her password.
async fn besieged(world: &World, attackers: &[Client], logins: &[String]) {
    let mut owner = world.client().at(HOME);
    owner.joins_with_email("ann@example.org", PW).await;
    let mut told = vec!["minute | judged | put off | longest wait | owner at home | owner in a café".to_owned()];
    let mut password = PW;
    for minute in 0..MINUTES {
        let mut guesses = Guesses::default();
        for number in 0..TRIES {
            let (attacker, login) = (&attackers[number % attackers.len()], &logins[number % logins.len()]);
            guesses += attacker.guesses_untold(login).await;
        }
        world.wait(Duration::from_secs(30));
        let home = if minute % 3 == 1 { seen(HOME, world, password).await } else { "-".to_owned() };
        if minute == MINUTES - 2 {
            let link = owner.gets_a_link("ann@example.org").await;
            owner.restores(&link, NEW_PW).await.is_ok();
            world.mails().await;
            password = NEW_PW;
        }
        let cafe = if minute % 3 == 0 { seen(CAFE, world, password).await } else { "-".to_owned() };
        let Guesses { judged, put_off, longest_wait } = guesses;
        told.push(format!("{minute:6} | {judged:6} | {put_off:7} | {longest_wait:10} s | {home:13} | {cafe}"));
        world.wait(Duration::from_secs(30));
    }
    world.tell(told.join("\n") + "\n");
}

/// What the owner is answered there.
async fn seen(address: &str, world: &World, password: &str) -> String {
    let answer = world.client().at(address).signin("ann@example.org", password).await;
    match answer.header("retry-after") {
        Some(wait) => format!("{}, {wait} s", answer.status()),
        None => answer.status().to_string(),
    }
}

fn client(world: &World, number: usize) -> Client {
    world.client().at(format!("203.0.113.{number}"))
}

#[tokio::test]
async fn one_client_against_one_account_is_judged_ever_more_rarely() {
    Case::everywhere()
        .settings(behind_a_proxy)
        .run(async |world| besieged(&world, &[client(&world, 1)], &["ann@example.org".to_owned()]).await)
        .await;
}

#[tokio::test]
async fn a_hundred_clients_against_one_account_are_judged_once_a_minute() {
    Case::everywhere()
        .settings(behind_a_proxy)
        .run(async |world| {
            let attackers: Vec<_> = (1..=100).map(|number| client(&world, number)).collect();
            besieged(&world, &attackers, &["ann@example.org".to_owned()]).await;
        })
        .await;
}

#[tokio::test]
async fn one_client_against_a_hundred_accounts_has_thirty_tries_a_minute() {
    Case::everywhere()
        .settings(behind_a_proxy)
        .run(async |world| {
            let logins: Vec<_> = (0..100).map(|number| format!("user{number}")).collect();
            besieged(&world, &[client(&world, 1)], &logins).await;
        })
        .await;
}
