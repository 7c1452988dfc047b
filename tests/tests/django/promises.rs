use auth_core::store::{IntoStores as _, Stores};
use auth_core::testing::store::{outbox, races, sessions, users};

use super::project::Project;

/// The promises of the suite that this store keeps otherwise, and the test of this program that
/// says how.
const OTHERWISE: [(&str, &str); 5] = [
    ("a_name_is_found_in_any_spelling_and_shown_as_given", "names_are_found_as_typed_and_in_no_other_spelling"),
    ("an_account_named_by_its_address_is_found_by_it", "names_are_found_as_typed_and_in_no_other_spelling"),
    ("an_account_is_found_by_id_name_and_address", "a_sign_up_writes_the_row_that_django_would"),
    ("odd_text_comes_back_unchanged", "a_name_is_kept_after_nfkc_and_signs_in_as_it_was_typed"),
    ("a_sign_in_is_noted", "a_sign_in_leaves_the_row_alone"),
];

async fn keeps_its_promises(stores: &Stores) {
    let users = &*stores.users;
    users::what_is_not_there_is_none(users).await;
    users::names_are_compared_byte_by_byte(users).await;
    users::a_nul_does_no_harm(users).await;
    users::a_taken_name_or_address_is_a_conflict(users).await;
    users::a_conflict_leaves_nothing_behind(users).await;
    users::accounts_without_an_address_do_not_collide(users).await;
    users::a_password_is_replaced_only_if_it_is_the_one_that_was_read(users).await;
    users::a_rehash_ends_nothing(users).await;
    users::a_new_password_begins_an_epoch_and_ends_the_restoring_token(users).await;
    users::one_restoring_token_is_live(users).await;
    users::a_restoring_token_sets_a_password_once(users).await;
    users::a_restore_needs_everything_that_was_checked(users).await;
    users::deactivation_begins_an_epoch_and_ends_the_restoring_token(users).await;
    users::a_new_epoch_is_returned_and_ends_the_restoring_token(users).await;
    users::writes_to_no_account_do_nothing(users).await;
    users::a_dropped_write_leaves_everything_or_nothing(users).await;
    users::a_thousand_accounts_are_told_apart(users).await;
    sessions::run_all(&*stores.sessions).await;
    outbox::run_all(&*stores.outbox).await;
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
