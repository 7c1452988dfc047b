use auth_core::{Auth, AuthError};
use auth_tests::{NEW_PW, PW};

use super::{Arena, CONTENDERS, ROUNDS, assert_dead, contend, nobody, password, signin};

/// How often each of four contenders signs in: before, while and after the password changes.
const SIGN_INS: usize = 4;

async fn change(auth: &Auth, token: &str, new: &str) -> Result<String, AuthError> {
    let changed = auth.change_password(token, password(PW), password(new), &nobody()).await?;
    Ok(changed.token.expose().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sign_in_with_the_old_password_does_not_survive_its_change() {
    for arena in Arena::all().await {
        let (mut signed_in, mut refused) = (0, 0);
        for round in 0..ROUNDS {
            let name = format!("ann {round}");
            let id = arena.join(&name, PW).await;
            let ended = contend(5, |number| {
                let (auth, name, id) = (arena.auth(number + round), name.clone(), id.clone());
                async move {
                    if number == 0 {
                        assert!(auth.set_password(&id, password(NEW_PW)).await.unwrap());
                        return Vec::new();
                    }
                    let mut tokens = Vec::new();
                    for _ in 0..SIGN_INS {
                        tokens.push(signin(&auth, &name, PW).await);
                    }
                    tokens
                }
            });
            for token in ended.await.into_iter().flatten() {
                match token {
                    Ok(token) => {
                        assert_dead(&arena, &token).await;
                        signed_in += 1;
                    }
                    Err(AuthError::Credentials(_)) => refused += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
            assert!(arena.opens(&name, NEW_PW).await && !arena.opens(&name, PW).await);
        }
        let counts = [("signed in", signed_in), ("refused", refused), ("dead afterwards", signed_in)];
        arena.report("16 sign-ins against a change of password", &counts);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_upgrade_of_the_hash_never_overwrites_a_change() {
    for arena in Arena::all().await {
        let mut changes = 0;
        for round in 0..ROUNDS {
            let name = format!("ann {round}");
            let id = arena.join(&name, PW).await;
            let ended = contend(5, |number| {
                let (upgrading, name, id) = (arena.auth(1), name.clone(), id.clone());
                let changing = arena.auth(0);
                async move {
                    match number {
                        0 => changing.set_password(&id, password(NEW_PW)).await.is_ok(),
                        _ => signin(&upgrading, &name, PW).await.is_ok(),
                    }
                }
            });
            assert!(ended.await[0], "round {round}: the change");
            let stored = arena.auth(0).stores().users.by_id(&id).await.unwrap().unwrap();
            assert!(stored.password.expose().contains("m=8,"), "round {round}: an upgrade came after the change");
            assert!(arena.opens(&name, NEW_PW).await && !arena.opens(&name, PW).await);
            changes += 1;
        }
        arena.report("4 upgrades of a hash against a change", &[("changes kept", changes), ("changes lost", 0)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_changes_of_one_password_have_one_winner() {
    for arena in Arena::all().await {
        let (mut winners, mut losers) = (0, 0);
        for round in 0..ROUNDS {
            let name = format!("ann {round}");
            arena.join(&name, PW).await;
            // By the instance that upgrades, so that no upgrade decides the race.
            let token = signin(&arena.auth(1), &name, PW).await.unwrap();
            let ended = contend(CONTENDERS, |number| {
                let (auth, token) = (arena.auth(number), token.clone());
                async move { change(&auth, &token, &format!("the choice of number {number}")).await }
            });
            let mut won = Vec::new();
            for (number, ended) in ended.await.into_iter().enumerate() {
                match ended {
                    Ok(token) => won.push((number, token)),
                    Err(AuthError::Credentials(_) | AuthError::TokenRevoked(_)) => losers += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
            assert_eq!(won.len(), 1, "round {round}");
            for (number, token) in won {
                assert!(arena.auth(0).get_user(&token, &nobody()).await.is_ok());
                assert!(arena.opens(&name, &format!("the choice of number {number}")).await);
                winners += 1;
            }
            assert_dead(&arena, &token).await;
        }
        arena.report("16 changes of one password", &[("winners", winners), ("losers", losers)]);
    }
}
