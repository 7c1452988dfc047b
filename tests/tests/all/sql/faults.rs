use std::time::Duration;

use auth_core::account::{Epoch, UserId};
use auth_core::session::{NewSession, Presented, Rotation, RotationPolicy, Session, SessionId, Successor, TokenId};
use auth_core::store::{SessionStore as _, StoreError};
use auth_core::{ClientInfo, Timestamp};
use auth_sqlx::SqlStore;
use tokio::task::JoinSet;

use super::proxy::Line;
use super::{behind_a_proxy, databases};

const POLICY: RotationPolicy = RotationPolicy { grace: Duration::from_secs(10), idle: Duration::from_secs(1_000) };
/// More than a pool has connections.
const CROWD: usize = 25;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000 + seconds)
}

fn session(id: &str) -> NewSession {
    NewSession::unproven_for_tests(Session {
        id: SessionId::stored(id),
        user: UserId::stored("ann"),
        epoch: Epoch::stored("epoch"),
        generation: 0,
        current: successor("first"),
        created_at: at(0),
        rotated_at: at(0),
        absolute_end: at(5_000),
        client: ClientInfo::default(),
    })
}

fn successor(jti: &str) -> Successor {
    Successor { jti: TokenId::stored(jti), issued_at: at(0), expires_at: at(60) }
}

fn present(id: &str) -> Presented {
    Presented { session: SessionId::stored(id), generation: 0, client: ClientInfo::default() }
}

/// How many of a crowd's questions were answered; the rest was told to try again.
async fn answered(store: &SqlStore) -> usize {
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        let store = store.clone();
        crowd.spawn(async move { store.get(&SessionId::stored(number.to_string())).await });
    }
    let answers = crowd.join_all().await;
    answers.iter().filter(|answer| if is_unavailable(answer) { false } else { answer.is_ok() }).count()
}

#[track_caller]
fn is_unavailable<T>(result: &Result<T, StoreError>) -> bool {
    assert!(matches!(result, Ok(_) | Err(StoreError::Unavailable(_))), "{:?}", result.as_ref().err());
    result.is_err()
}

#[tokio::test]
async fn a_server_that_is_cut_off_is_unavailable_until_it_is_back() {
    for database in databases() {
        let (proxy, store) = behind_a_proxy(&database).await;
        assert_eq!(answered(&store).await, CROWD);
        proxy.set(Line::Cut);
        assert!(is_unavailable(&store.open(session("lost")).await), "{}", database.url());
        proxy.set(Line::Open);
        assert_eq!(answered(&store).await, CROWD, "{}", database.url());
        assert_eq!(store.get(&SessionId::stored("lost")).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_unavailable_and_holds_no_connection_back() {
    for database in databases() {
        let (proxy, store) = behind_a_proxy(&database).await;
        assert_eq!(answered(&store).await, CROWD);
        proxy.set(Line::Stalled);
        assert_eq!(answered(&store).await, 0, "{}", database.url());
        proxy.set(Line::Open);
        assert_eq!(answered(&store).await, CROWD, "{}", database.url());
    }
}

#[tokio::test]
async fn a_write_that_the_server_never_heard_can_be_tried_again() {
    for database in databases() {
        let (proxy, store) = behind_a_proxy(&database).await;
        proxy.set(Line::CutBefore("unheard"));
        assert!(is_unavailable(&store.open(session("unheard")).await));
        proxy.set(Line::Open);
        assert_eq!(store.get(&SessionId::stored("unheard")).await.unwrap(), None, "{}", database.url());
        store.open(session("unheard")).await.unwrap();
    }
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_has_happened_as_a_whole() {
    for database in databases() {
        let (proxy, store) = behind_a_proxy(&database).await;
        proxy.set(Line::CutAfter("unanswered"));
        assert!(is_unavailable(&store.open(session("unanswered")).await));
        proxy.set(Line::Open);
        let kept = store.get(&SessionId::stored("unanswered")).await.unwrap();
        assert_eq!(kept, Some(session("unanswered").into_record()), "{}", database.url());
    }
}

#[tokio::test]
async fn a_rotation_that_was_cut_anywhere_signs_nobody_out() {
    for database in databases() {
        let (proxy, store) = behind_a_proxy(&database).await;
        for (id, line) in [
            ("before", Line::CutBefore("successor")),
            ("after", Line::CutAfter("successor")),
            ("commit", Line::CutAfter("COMMIT")),
        ] {
            store.open(session(id)).await.unwrap();
            proxy.set(line);
            let cut = store.rotate(present(id), successor("successor"), at(1), &POLICY).await;
            // PostgreSQL says no COMMIT here, so that there is nothing to cut.
            assert!(is_unavailable(&cut) || line == Line::CutAfter("COMMIT"), "{} {line:?}", database.url());
            proxy.set(Line::Open);
            let retried = store.rotate(present(id), successor("retried"), at(2), &POLICY).await.unwrap();
            let (Rotation::Rotated(session) | Rotation::Repeated { session, .. }) = retried else {
                panic!("{} {line:?}: {retried:?}", database.url());
            };
            assert_eq!(session.generation, 1, "{} {line:?}", database.url());
            assert_eq!(store.get(&session.id).await.unwrap(), Some(session));
        }
    }
}
