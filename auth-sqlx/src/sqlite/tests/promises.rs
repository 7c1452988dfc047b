use auth_core::account::{Login, UserId};
use auth_core::store::{IntoStores, SessionStore, Stores, UserStore};
use auth_core::testing::store::{self, races};
use sqlx::Row as _;

use super::{File, fresh, session};
use crate::SqlStore;

mod suite {
    use super::{File, SqlStore};

    auth_core::store_suite!(fresh);

    async fn fresh() -> ([SqlStore; 2], File) {
        let file = File::new();
        ([file.store().await, file.store().await], file)
    }
}

#[tokio::test]
async fn a_file_keeps_any_attribute() {
    let (_file, store) = fresh().await;
    store::attributes::any_attribute_comes_back_unchanged(&store).await;
}

#[expect(clippy::print_stdout, reason = "how each race went")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_stores_on_one_file_have_one_winner_in_every_race() {
    let file = File::new();
    let instances = [file.store().await.into_stores(), file.store().await.into_stores()];
    for tally in races::run_all(&instances, 50).await {
        println!("sqlite: {tally}");
    }
}

#[tokio::test]
async fn a_file_that_is_opened_again_has_kept_everything() {
    let file = File::new();
    let before = file.store().await;
    store::users::an_account_is_found_by_id_name_and_address(&before).await;
    before.open(session("kept")).await.unwrap();
    let login = Login::parse("found").unwrap();
    let user = before.by_login(&login).await.unwrap();
    before.sqlite_pool().unwrap().close().await;

    let after = file.store().await;
    assert!(user.is_some());
    assert_eq!(after.by_login(&login).await.unwrap(), user);
    assert_eq!(after.list(&UserId::stored("ann")).await.unwrap(), [session("kept").into_record()]);
}

#[tokio::test]
async fn a_session_is_read_with_the_account_of_another_file() {
    let ((_users, users), (_rest, rest)) = (fresh().await, fresh().await);
    store::joint::run_all(&Stores::new(users, rest)).await;
}

#[tokio::test]
async fn a_copy_of_the_database_holds_no_restoring_token() {
    let (_file, store) = fresh().await;
    store::users::one_restoring_token_is_live(&store).await;
    store::users::a_rehash_ends_nothing(&store).await;
    let rows = sqlx::query("SELECT restoring_token FROM auth_users WHERE restoring_token IS NOT NULL")
        .fetch_all(store.sqlite_pool().unwrap())
        .await
        .unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        let text: String = row.get(0);
        assert!(text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()), "{text}");
    }
}

#[tokio::test]
async fn debug_shows_nothing_of_the_database() {
    let (_file, store) = fresh().await;
    assert_eq!(format!("{store:?}"), "SqlStore(..)");
}
