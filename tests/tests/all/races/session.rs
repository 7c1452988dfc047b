use std::collections::HashSet;

use auth_core::AuthError;
use auth_tests::PW;

use super::{Arena, CONTENDERS, ROUNDS, assert_dead, contend, nobody, refresh, signin};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_refreshes_of_one_token_get_one_successor_and_nobody_is_signed_out() {
    for arena in Arena::all().await {
        let mut tokens = 0;
        for round in 0..ROUNDS {
            let name = format!("ann {round}");
            arena.join(&name, PW).await;
            let token = signin(&arena.auth(round), &name, PW).await.unwrap();
            let refreshed = contend(CONTENDERS, |number| {
                let (auth, token) = (arena.auth(number), token.clone());
                async move { refresh(&auth, &token).await.unwrap() }
            });
            let successors: HashSet<_> = refreshed.await.into_iter().collect();
            assert_eq!(successors.len(), 1, "round {round}");
            for successor in successors {
                assert_ne!(successor, token);
                assert!(arena.auth(0).get_user(&successor, &nobody()).await.is_ok());
                assert!(refresh(&arena.auth(1), &successor).await.is_ok());
                tokens += 1;
            }
        }
        let repeated = ROUNDS * (CONTENDERS - 1);
        arena.report(
            "16 refreshes of one token",
            &[("rotations", tokens), ("the same token", repeated), ("signed out", 0)],
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_refresh_brings_a_session_back_that_was_signed_out() {
    for arena in Arena::all().await {
        let (mut refreshed, mut refused) = (0, 0);
        for round in 0..ROUNDS {
            let name = format!("ann {round}");
            arena.join(&name, PW).await;
            let token = signin(&arena.auth(round), &name, PW).await.unwrap();
            let ended = contend(8, |number| {
                let (auth, token) = (arena.auth(number + round), token.clone());
                async move {
                    match number {
                        0 => auth.signout(&token, &nobody()).await.map(|()| token),
                        _ => refresh(&auth, &token).await,
                    }
                }
            });
            let mut ended = ended.await.into_iter();
            assert!(ended.next().unwrap().is_ok(), "round {round}: the sign-out");
            for token in ended {
                match token {
                    Ok(token) => {
                        assert_dead(&arena, &token).await;
                        refreshed += 1;
                    }
                    Err(AuthError::TokenRevoked(_)) => refused += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
        arena.report("7 refreshes against a sign-out", &[("refreshed", refreshed), ("refused", refused), ("alive", 0)]);
    }
}
