use std::time::{Duration, Instant};

use auth_core::password::Argon2Params;
use auth_core::store::IntoStores as _;
use auth_tests::{Answer, Client, Database, PW, Transport, World, settings};

use super::{databases, open};

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
            let now = (answer.status(), answer.text().to_owned(), world.store().calls());
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
        let scheme = database.url().split(':').next().unwrap().to_owned();
        for transport in Transport::HTTP {
            let settings = settings().argon2(Argon2Params::default()).without_limits();
            let world = World::on(Database::Opened(store.clone().into_stores()), transport, settings).await;
            let _ = world.client().signup_email(ADDRESSES[0], PW).await;
            compare(&world, &format!("{scheme}, {}, sign-in", transport.as_str()), tries).await;
            compare(&world, &format!("{scheme}, {}, restore", transport.as_str()), asks).await;
        }
    }
}
