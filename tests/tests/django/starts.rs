use auth_core::store::TakeoverStore as _;
use auth_sqlx::{ConnectError, DjangoStore, SqlStore};
use tokio::task::JoinSet;

use super::project::{Project, TABLE};

#[tokio::test]
async fn another_table_is_refused_and_leaves_nothing_behind() {
    for project in Project::all().await {
        for table in ["missing", "auth_outbox"] {
            let refused = project.try_to_open(table).await.unwrap_err();
            assert!(matches!(&refused, ConnectError::UserTable { table: told, .. } if told == table), "{refused:?}");
        }
        project.run("CREATE TABLE members AS SELECT * FROM accounts_user").await;
        project.open().await;
        let refused = project.try_to_open("members").await.unwrap_err();
        assert!(matches!(&refused, ConnectError::OtherUserTable(told) if told == TABLE), "{refused:?}");
    }
}

#[tokio::test]
async fn the_moment_of_the_takeover_is_that_of_the_first_start() {
    for project in Project::all().await {
        let first = project.open().await.taken_at();
        let sql = SqlStore::connect(&project.url()).await.unwrap();
        let later = first + std::time::Duration::from_mins(1);
        let again = DjangoStore::open(sql, &TABLE.parse().unwrap(), later).await.unwrap();
        assert_eq!(again.taken_at(), first);
        assert_eq!(format!("{again:?}"), "DjangoStore(..)");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_first_starts_at_once_note_everybody_once() {
    for project in Project::all().await {
        for number in 0..30 {
            project.add(&format!("user {number}"), &format!("user.{number}@example.org"), "!").await;
        }
        let mut starts = JoinSet::new();
        for _ in 0..8 {
            let url = project.url();
            starts.spawn(async move {
                let now = auth_core::Timestamp::from_unix_seconds(0);
                let sql = SqlStore::connect(&url).await.unwrap();
                DjangoStore::open(sql, &TABLE.parse().unwrap(), now).await.map(drop)
            });
        }
        for started in starts.join_all().await {
            assert!(started.is_ok(), "{started:?}");
        }
        for table in ["auth_takeover_users", "auth_takeover_names", "auth_takeover_emails"] {
            assert_eq!(project.ask(&format!("SELECT user_id FROM {table}")).await.len(), 30, "{table}");
        }
    }
}

#[tokio::test]
async fn a_first_start_that_was_cut_off_is_finished_by_the_next() {
    for project in Project::all().await {
        project.add("ann", "ann@example.org", "!").await;
        project.add("bob", "bob@example.org", "!").await;
        project.open().await;
        project.run("DELETE FROM auth_takeover_users WHERE user_id = 2").await;
        project.run("DELETE FROM auth_takeover_emails WHERE user_id = 2").await;
        let server = project.serve().await;
        assert_eq!(project.ask("SELECT user_id FROM auth_takeover_emails").await.len(), 2);
        assert_eq!(server.mailed("bob@example.org").await.as_deref(), Some("bob"));
    }
}
