use auth_core::store::{IntoStores as _, Stores};
use auth_core::testing::store::{attempts, joint, outbox, races, sessions, users};

use super::project::Project;

/// The promises of the suite that this store keeps otherwise, and the test of this program that
/// says how.
const OTHERWISE: [(&str, &str); 7] = [
    ("a_name_is_found_in_any_spelling_and_shown_as_given", "names_are_found_as_typed_and_in_no_other_spelling"),
    ("an_account_named_by_its_address_is_found_by_it", "names_are_found_as_typed_and_in_no_other_spelling"),
    ("an_account_is_found_by_id_name_and_address", "a_sign_up_writes_the_row_that_django_would"),
    ("odd_text_comes_back_unchanged", "a_name_is_kept_after_nfkc_and_signs_in_as_it_was_typed"),
    // Django's table has no index on what a sign-up compares, so that ten thousand take minutes.
    ("ten_thousand_accounts_are_told_apart", "a_hundred_sign_ups_at_once_are_told_apart"),
    ("a_sign_in_is_noted", "a_sign_in_leaves_the_row_alone"),
    ("a_dropped_note_of_a_sign_in_leaves_everything_or_nothing", "a_sign_in_leaves_the_row_alone"),
];

async fn keeps_its_promises(stores: &Stores) {
    let kept_otherwise = |name: &str| OTHERWISE.iter().any(|(promise, _)| *promise == name);
    let promises = users::PROPERTIES.iter().filter(|property| !property.is_race());
    let (otherwise, as_they_stand): (Vec<_>, Vec<_>) = promises.partition(|promise| kept_otherwise(promise.name()));
    assert_eq!(otherwise.len(), OTHERWISE.len(), "not every one of these is a promise: {OTHERWISE:?}");
    for promise in as_they_stand {
        promise.hold(std::slice::from_ref(&stores.users), 1).await;
    }
    sessions::run_all(&*stores.sessions).await;
    joint::run_all(stores).await;
    outbox::run_all(&*stores.outbox).await;
    attempts::run_all(&*stores.attempts).await;
}

#[expect(clippy::print_stdout, reason = "what was not run must be said")]
#[tokio::test]
async fn the_store_keeps_the_promises_of_the_suite_but_those_it_keeps_otherwise() {
    for project in Project::all().await {
        keeps_its_promises(&project.open().await.into_stores()).await;
    }
    for (promise, instead) in OTHERWISE {
        println!("otherwise: {promise}: {instead}");
    }
}

#[expect(clippy::print_stdout, reason = "how each race went")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_stores_on_one_table_have_one_winner_in_every_race() {
    for project in Project::all().await {
        let instances = [project.open().await.into_stores(), project.open().await.into_stores()];
        let scheme = project.url().split(':').next().unwrap().to_owned();
        for tally in races::run_all(&instances, 20).await {
            println!("{scheme}: {tally}");
        }
    }
}
