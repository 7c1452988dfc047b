use std::sync::Arc;

use auth_core::actions::SignUp;
use auth_core::config::Profile;
use auth_core::store::Unique;
use auth_core::throttle::Limits;
use auth_core::{AuthError, ClientInfo};
use auth_tests::services::Service;
use tokio::task::JoinSet;

use super::minted;
use super::project::{PASSWORD, Project, Server};

async fn refusal(server: &Server, name: &str, email: &str) -> Option<Unique> {
    match server.sign_up(name, email).await {
        Ok(()) => None,
        Err(AuthError::Taken(unique)) => Some(unique),
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn names_are_found_as_typed_and_in_no_other_spelling() {
    for project in Project::all().await {
        for name in ["Alice", "alice", "bob"] {
            project.add(name, "", "!").await;
        }
        let server = project.serve().await;
        for name in ["Alice", "alice", "bob"] {
            assert_eq!(server.named(name).await.unwrap().username.as_str(), name, "{}", project.url());
        }
        for name in ["ALICE", "Bob", "bob ", " bob", "b\u{f6}b"] {
            assert_eq!(server.named(name).await, None, "{name:?} {}", project.url());
        }
    }
}

#[tokio::test]
async fn a_collation_that_ignores_case_and_accents_finds_no_other_name() {
    if !Service::MariaDb.is_found_or_say_so() {
        return;
    }
    let project = Project::on(Service::MariaDb, "utf8mb4_general_ci").await;
    project.add("alice", "", "!").await;
    let server = project.serve().await;
    assert!(server.named("alice").await.is_some());
    for name in ["Alice", "\u{e1}lice", "alice "] {
        assert_eq!(server.named(name).await, None, "{name:?}");
    }
    assert_eq!(refusal(&server, "\u{e1}lice", "accent@example.org").await, Some(Unique::Login));
}

#[tokio::test]
async fn a_sign_up_is_refused_in_any_spelling_of_what_the_table_has() {
    for project in Project::all().await {
        project.add("Stra\u{df}e", "Ann@Example.org", "!").await;
        let server = project.serve().await;
        project.add("later", "later@b\u{fc}cher.example", "!").await;
        for (name, email, unique) in [
            ("STRASSE", "free@example.org", Unique::Login),
            ("LATER", "free@example.org", Unique::Login),
            ("free", "aNN@example.ORG", Unique::Email),
            ("free", "LATER@xn--bcher-kva.example", Unique::Email),
            ("STRASSE", "ann@example.org", Unique::Login),
        ] {
            assert_eq!(refusal(&server, name, email).await, Some(unique), "{name} {}", project.url());
        }
        assert_eq!(refusal(&server, "free", "free@example.org").await, None, "{}", project.url());
        assert_eq!(refusal(&server, "Free", "other@example.org").await, Some(Unique::Login));
    }
}

#[tokio::test]
async fn of_two_users_with_one_address_the_lower_id_gets_the_mails_and_both_sign_in() {
    for project in Project::all().await {
        project.add("one", "same@example.org", "!").await;
        project.add("two", "SAME@example.org", "!").await;
        let server = project.serve().await;
        assert_eq!(server.mailed("same@example.org").await.as_deref(), Some("one"));
        assert!(server.named("one").await.is_some() && server.named("two").await.is_some());
        assert_eq!(refusal(&server, "three", "same@example.org").await, Some(Unique::Email));
        // The other one is found when the first is gone.
        project.run("DELETE FROM accounts_user WHERE username = 'one'").await;
        assert_eq!(server.mailed("same@example.org").await.as_deref(), Some("two"));
        assert_eq!(refusal(&server, "three", "same@example.org").await, Some(Unique::Email));
    }
}

#[tokio::test]
async fn a_name_that_django_takes_away_is_free_and_one_that_it_gives_is_not() {
    for project in Project::all().await {
        project.add("old", "old@example.org", "!").await;
        project.add("gone", "gone@example.org", "!").await;
        let server = project.serve().await;
        project.run("DELETE FROM accounts_user WHERE username = 'gone'").await;
        project.run("UPDATE accounts_user SET username = 'Renamed', email = 'Renamed@example.org'").await;
        assert_eq!(server.mailed("old@example.org").await, None);
        assert_eq!(server.mailed("renamed@example.org").await.as_deref(), Some("Renamed"));
        assert_eq!(refusal(&server, "renamed", "free@example.org").await, Some(Unique::Login));
        assert_eq!(refusal(&server, "free", "renamed@example.org").await, Some(Unique::Email));
        assert_eq!(refusal(&server, "old", "old@example.org").await, None, "{}", project.url());
        assert_eq!(refusal(&server, "GONE", "gone@example.org").await, None, "{}", project.url());
        assert_eq!(refusal(&server, "gone", "new@example.org").await, Some(Unique::Login));
    }
}

#[tokio::test]
async fn who_came_after_the_start_is_found_by_an_address_in_another_form() {
    for project in Project::all().await {
        let server = project.serve().await;
        project.add("later", "later@b\u{fc}cher.example", "!").await;
        assert_eq!(server.mailed("later@xn--bcher-kva.example").await.as_deref(), Some("later"));
        assert_eq!(server.mailed("nobody@example.org").await, None);
        assert_eq!(server.mailed("no\0body").await, None);
    }
}

#[tokio::test]
async fn a_name_is_kept_after_nfkc_and_signs_in_as_it_was_typed() {
    for project in Project::all().await {
        let server = project.serve().await;
        server.sign_up("e\u{301}lise", "elise@example.org").await.unwrap();
        assert_eq!(project.column("\u{e9}lise", "email").await.as_deref(), Some("elise@example.org"));
        for name in ["e\u{301}lise", "\u{e9}lise"] {
            assert!(server.sign_in(name, PASSWORD).await.is_ok(), "{name:?}");
        }
        let longest = "\u{10348}".repeat(150);
        server.sign_up(&longest, "longest@example.org").await.unwrap();
        assert!(server.sign_in(&longest, PASSWORD).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_sign_ups_at_once_are_told_apart() {
    for project in Project::all().await {
        let server = Arc::new(project.serve().await);
        let mut sign_ups = JoinSet::new();
        for number in 0..100 {
            let server = server.clone();
            sign_ups.spawn(async move {
                server.sign_up(&format!("many {number}"), &format!("many.{number}@example.org")).await
            });
        }
        for signed_up in sign_ups.join_all().await {
            signed_up.unwrap();
        }
        for number in 0..100 {
            let name = format!("many {number}");
            assert_eq!(server.named(&name).await.unwrap().username.as_str(), name);
            assert_eq!(server.mailed(&format!("many.{number}@example.org")).await, Some(name));
        }
    }
}

#[tokio::test]
async fn spelling_a_name_otherwise_gains_no_try_at_its_password() {
    let project = Project::on_sqlite().await;
    let limited = minted::settings().limits(Limits::default()).profile(Profile::Django);
    let server = project.serve_with(limited).await;
    let mut request = SignUp::with_email("ann@example.org", PASSWORD);
    request.email_as_name = Some(true);
    let _ = server.auth.signup(request, &ClientInfo::default()).await.unwrap();
    for _ in 0..5 {
        let refused = server.sign_in("ann@example.org", "wrong").await;
        assert!(matches!(refused, Err(AuthError::Credentials(_))), "{refused:?}");
    }
    for name in ["ann@example.org", "\u{ff41}nn@example.org", "ANN@example.org", "ann\u{ff20}example.org"] {
        let refused = server.sign_in(name, PASSWORD).await;
        assert!(matches!(refused, Err(AuthError::Throttled { .. })), "{name}: {refused:?}");
    }
}
