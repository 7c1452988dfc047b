use std::future::Future;
use std::sync::Arc;

use auth_core::password::Password;
use auth_core::restore::RestoreFault;
use auth_core::{AuthError, ClientInfo};
use tokio::sync::Barrier;

use super::minted::{self, restoring_token, token};
use super::project::{Project, Server};

const NEW: &str = "another good password";

async fn restore(server: &Server, token: &str, password: &str) -> Result<(), AuthError> {
    server.auth.restore(token, Password::new(password), &ClientInfo::default()).await.map(drop)
}

async fn fault(restored: impl Future<Output = Result<(), AuthError>>) -> Option<RestoreFault> {
    match restored.await {
        Err(AuthError::RestoreToken(fault)) => Some(fault),
        _ => None,
    }
}

/// Writes the column as the Python service does.
async fn keep(project: &Project, name: &str, token: &str) {
    project.run(&format!("UPDATE accounts_user SET restoring_token = '{token}' WHERE username = '{name}'")).await;
}

async fn column(project: &Project, name: &str) -> Option<String> {
    project.column(name, "restoring_token").await
}

#[tokio::test]
async fn a_link_of_the_python_service_sets_a_password_once() {
    for project in Project::all().await {
        project.add("ann", "ann@example.org", "!").await;
        let server = project.take_over().await;
        let link = restoring_token(60);
        keep(&project, "ann", &link).await;
        assert!(restore(&server, &link, "short").await.is_err());
        assert!(column(&project, "ann").await.is_some(), "a weak password used the link up");
        restore(&server, &link, NEW).await.unwrap();
        assert_eq!(column(&project, "ann").await, None);
        assert!(server.sign_in("ann", NEW).await.is_ok(), "{}", project.url());
        assert_eq!(fault(restore(&server, &link, "and a third one")).await, Some(RestoreFault::Unknown));
    }
}

#[tokio::test]
async fn an_expired_link_is_taken_out_of_the_column_by_the_first_try() {
    for project in Project::all().await {
        project.add("ann", "ann@example.org", "!").await;
        let server = project.take_over().await;
        let link = restoring_token(0);
        keep(&project, "ann", &link).await;
        assert_eq!(fault(restore(&server, &link, NEW)).await, Some(RestoreFault::Expired));
        assert_eq!(column(&project, "ann").await, None);
        // Gone from the column, it is no link of anybody, as that service meant to answer.
        assert_eq!(fault(restore(&server, &link, NEW)).await, Some(RestoreFault::Unknown));
    }
}

#[tokio::test]
async fn what_stands_in_the_column_is_a_link_only_if_our_key_sealed_it() {
    for project in Project::all().await {
        project.add("ann", "ann@example.org", "!").await;
        let server = project.take_over().await;
        server.auth.request_restore("ann@example.org", &ClientInfo::default()).await.unwrap();
        assert_eq!(server.auth.deliver_mail().await.unwrap().done, 1);
        let digest = column(&project, "ann").await.unwrap();
        for text in [digest, "plain".to_owned(), token(1, 60)] {
            keep(&project, "ann", &text).await;
            assert_eq!(fault(restore(&server, &text, NEW)).await, Some(RestoreFault::Malformed), "{text}");
            assert_eq!(column(&project, "ann").await.as_deref(), Some(&*text));
        }
    }
}

#[tokio::test]
async fn a_link_that_stands_in_no_column_or_with_other_padding_opens_nothing() {
    let project = Project::on_sqlite().await;
    project.add("ann", "ann@example.org", "!").await;
    let server = project.take_over().await;
    let link = restoring_token(60);
    assert_eq!(fault(restore(&server, &link, NEW)).await, Some(RestoreFault::Unknown));
    keep(&project, "ann", &link).await;
    for other in [format!("{link}="), link.trim_end_matches('=').to_owned() + "==="] {
        let fault = fault(restore(&server, &other, NEW)).await;
        assert!(matches!(fault, Some(RestoreFault::Unknown | RestoreFault::Malformed)), "{other}: {fault:?}");
    }
    project.run("UPDATE accounts_user SET is_active = FALSE").await;
    assert_eq!(fault(restore(&server, &link, NEW)).await, Some(RestoreFault::Unknown));
}

#[tokio::test]
async fn only_a_server_that_takes_over_knows_such_links() {
    let project = Project::on_sqlite().await;
    project.add("ann", "ann@example.org", "!").await;
    let server = project.serve_with(minted::settings()).await;
    let link = restoring_token(60);
    keep(&project, "ann", &link).await;
    assert_eq!(fault(restore(&server, &link, NEW)).await, Some(RestoreFault::Malformed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_uses_of_one_link_have_one_winner() {
    for project in Project::all().await {
        project.add("ann", "ann@example.org", "!").await;
        let server = Arc::new(project.take_over().await);
        for round in 0..5 {
            let link = restoring_token(60 + round);
            keep(&project, "ann", &link).await;
            let barrier = Arc::new(Barrier::new(16));
            let contenders = (0..16).map(|number| {
                let (server, link, barrier) = (server.clone(), link.clone(), barrier.clone());
                tokio::spawn(async move {
                    let password = format!("password of {number}");
                    barrier.wait().await;
                    restore(&server, &link, &password).await.map(|()| password)
                })
            });
            let mut winners = Vec::new();
            for contender in contenders.collect::<Vec<_>>() {
                winners.extend(contender.await.unwrap().ok());
            }
            assert_eq!(winners.len(), 1, "round {round} on {}", project.url());
            assert!(server.sign_in("ann", &winners[0]).await.is_ok());
        }
    }
}
