use auth_core::AuthError;
use auth_core::actions::{SignUp, SignedUp};
use auth_core::store::Unique;
use auth_tests::PW;

use super::{Arena, CONTENDERS, ROUNDS, contend, nobody};

/// One account; everybody else hears `taken`, and nobody a fault of ours.
async fn race(name: &str, request: fn(usize, usize) -> SignUp, unique: Unique) {
    for arena in Arena::all().await {
        let (mut winners, mut losers) = (0, 0);
        for round in 0..ROUNDS {
            let answers = contend(CONTENDERS, |number| {
                let auth = arena.auth(number);
                async move { auth.signup(request(round, number), &nobody()).await }
            });
            let mut ids = Vec::new();
            for answer in answers.await {
                match answer {
                    Ok(SignedUp::Created(user)) => ids.push(user.id),
                    Err(AuthError::Taken(taken)) if taken == unique => losers += 1,
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(ids.len(), 1, "round {round}");
            winners += 1;
        }
        arena.report(name, &[("winners", winners), ("losers", losers)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_sign_ups_of_one_name_make_one_account() {
    race("16 sign-ups of one name", |round, _| SignUp::with_username(format!("ann {round}"), PW), Unique::Login).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_sign_ups_of_one_address_make_one_account() {
    let request = |round, _| SignUp::with_email(format!("ann{round}@example.org"), PW);
    race("16 sign-ups of one address", request, Unique::Email).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_sign_ups_of_variants_of_one_name_make_one_account() {
    let request = |round, number| {
        let variants = ["Straße", "STRASSE", "straße", "ｓtrasse"];
        SignUp::with_username(format!("{} {round}", variants[number % 4]), PW)
    };
    race("16 sign-ups of variants of one name", request, Unique::Login).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_sign_ups_of_variants_of_one_address_make_one_account() {
    let request = |round, number| {
        let variants = ["a@bücher.example", "A@Bücher.example", "a@XN--BCHER-KVA.example", "A@ｂücher.example"];
        SignUp::with_email(format!("{round}{}", variants[number % 4]), PW)
    };
    race("16 sign-ups of variants of one address", request, Unique::Email).await;
}
