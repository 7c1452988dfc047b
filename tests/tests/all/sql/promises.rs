use auth_core::store::IntoStores as _;
use auth_core::testing::store::{self, Property, races};
use auth_tests::Scratch;

use super::{databases, open};

#[expect(clippy::print_stdout, reason = "how many there were")]
#[tokio::test]
async fn a_server_keeps_every_promise_of_the_traits() {
    for database in databases() {
        let store = open(&database).await;
        store::attributes::any_attribute_comes_back_unchanged(&store).await;
        store::run_all(&store.into_stores()).await;
        let [users, sessions] = [promises(store::users::PROPERTIES), promises(store::sessions::PROPERTIES)];
        let [outbox, attempts] = [promises(store::outbox::PROPERTIES), promises(store::attempts::PROPERTIES)];
        let scheme = scheme(&database);
        println!(
            "{scheme}: promises of accounts {users}, sessions {sessions}, mail jobs {outbox}, attempts {attempts}"
        );
    }
}

fn promises<S: ?Sized>(properties: &[Property<S>]) -> usize {
    properties.iter().filter(|property| !property.is_race()).count()
}

fn scheme(database: &Scratch) -> String {
    database.url().split(':').next().unwrap().to_owned()
}

#[expect(clippy::print_stdout, reason = "how each race went")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_stores_on_one_server_have_one_winner_in_every_race() {
    for database in databases() {
        let instances = [open(&database).await.into_stores(), open(&database).await.into_stores()];
        let scheme = scheme(&database);
        for tally in races::run_all(&instances, 50).await {
            println!("{scheme}: {tally}");
        }
    }
}
