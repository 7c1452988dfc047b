use std::time::{Duration, Instant};

use auth_core::password::Argon2Params;
use auth_core::store::IntoStores as _;
use auth_tests::{Answer, Client, Database, PW, StoreKind, Transport, World, settings};

use crate::faults::row_on;

use super::{databases, open, server_of};

const SAMPLES: usize = 15;

/// Who is asked about, one of them unknown.
const ADDRESSES: [&str; 2] = ["ann@example.org", "ben@example.org"];

async fn tries(mut client: Client, address: &str) -> Answer {
    client.signin(address, "not the password").await
}

async fn asks(client: Client, address: &str) -> Answer {
    client.asks_to_restore(address).await
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Times are told and not judged; that the store is asked the same is judged.
#[expect(clippy::print_stdout, reason = "the times of a hit and of a miss")]
#[expect(clippy::disallowed_methods, reason = "what a client would measure")]
async fn compare(world: &World, what: &str, ask: impl AsyncFn(Client, &str) -> Answer) {
    let mut times = [Vec::new(), Vec::new()];
    let mut told = [const { None }; 2];
    for _ in 0..SAMPLES {
        for ((address, times), told) in ADDRESSES.iter().zip(&mut times).zip(&mut told) {
            world.store().forget_calls();
            let begun = Instant::now();
            let answer = ask(world.client(), address).await;
            times.push(begun.elapsed());
            let now = (answer, world.store().calls());
            assert_eq!(told.get_or_insert_with(|| now.clone()), &now);
        }
    }
    assert_eq!(told[0], told[1], "{what}");
    let [hit, miss] = times.map(median);
    println!("{what}: known {hit:?}, unknown {miss:?}, medians of {SAMPLES}");
}

#[tokio::test]
async fn a_known_and_an_unknown_address_ask_the_same_of_the_server() {
    for database in databases() {
        let store = open(&database).await;
        let server = server_of(&database.url());
        for transport in Transport::HTTP {
            let settings = settings().argon2(Argon2Params::default()).without_limits();
            let world = World::on(Database::Opened(store.clone().into_stores()), transport, settings).await;
            let _ = world.client().signup_email(ADDRESSES[0], PW).await;
            compare(&world, &format!("{server}, {}, sign-in", transport.as_str()), tries).await;
            compare(&world, &format!("{server}, {}, restore", transport.as_str()), asks).await;
            let seen = "known and unknown: the same status, headers, bytes and questions to the store";
            row_on(transport, "a hit takes longer than a miss", server, seen, "nothing is told");
        }
    }
}

/// So however slowly the store answers for those that it knows, the answer does not wait for it.
#[tokio::test]
async fn a_request_for_a_link_is_answered_before_anybody_is_looked_up() {
    for transport in Transport::HTTP {
        let world = World::on(Database::new(StoreKind::Memory), transport, settings().without_limits()).await;
        let _ = world.client().signup_email(ADDRESSES[0], PW).await;
        for look_up in ["by_email", "by_login", "by_id"] {
            world.store().hold(look_up);
        }
        let [known, unknown] = [asks(world.client(), ADDRESSES[0]).await, asks(world.client(), ADDRESSES[1]).await];
        known.is_ok();
        assert_eq!(known, unknown);
        for look_up in ["by_email", "by_login", "by_id"] {
            world.store().release(look_up);
        }
        assert_eq!(world.mail().await.to(), ADDRESSES[0], "the worker looks");
        let seen = "known and unknown: the same answer while no look-up is answered at all";
        row_on(transport, "look-ups of accounts hang", "memory", seen, "the mail is sent once they answer");
    }
}
