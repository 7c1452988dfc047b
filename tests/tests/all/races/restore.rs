use auth_core::AuthError;
use auth_core::restore::RestoreFault;
use auth_tests::{NEW_PW, PW};

use super::{Arena, CONTENDERS, ROUNDS, assert_dead, contend, nobody, password, refresh, signin};

/// Who uses a link at once, and which of them succeed.
async fn uses(arena: &Arena, links: &[String], contenders: usize) -> Vec<usize> {
    let ended = contend(contenders, |number| {
        let (auth, link) = (arena.auth(number), links[number % links.len()].clone());
        async move { auth.restore(&link, password(format!("the choice of number {number}")), &nobody()).await }
    });
    let mut winners = Vec::new();
    for (number, ended) in ended.await.into_iter().enumerate() {
        match ended {
            Ok(_) => winners.push(number),
            Err(AuthError::RestoreToken(RestoreFault::Unknown)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    winners
}

/// The passwords of the winners open the account, and no other does.
async fn assert_only(arena: &Arena, email: &str, winners: &[usize], contenders: usize) {
    for number in 0..contenders {
        let opens = arena.opens(email, &format!("the choice of number {number}")).await;
        assert_eq!(opens, winners.contains(&number), "number {number}");
    }
    assert!(!arena.opens(email, PW).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_uses_of_one_link_have_one_winner_and_only_its_password_works() {
    for arena in Arena::all().await {
        let mut won = 0;
        for round in 0..ROUNDS {
            let email = format!("ann{round}@example.org");
            arena.join(&email, PW).await;
            let link = arena.link(round, &email).await;
            let winners = uses(&arena, &[link], CONTENDERS).await;
            assert_eq!(winners.len(), 1, "round {round}");
            assert_only(&arena, &email, &winners, CONTENDERS).await;
            won += winners.len();
        }
        arena.report("16 uses of one restoring token", &[("winners", won), ("losers", ROUNDS * CONTENDERS - won)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_links_used_at_once_the_newer_one_wins() {
    for arena in Arena::all().await {
        let mut won = 0;
        for round in 0..ROUNDS {
            let email = format!("ann{round}@example.org");
            arena.join(&email, PW).await;
            let links = [arena.link(round, &email).await, arena.link(round + 1, &email).await];
            let winners = uses(&arena, &links, 2).await;
            assert_eq!(winners, [1], "round {round}");
            assert_only(&arena, &email, &winners, 2).await;
            won += winners.len();
        }
        arena.report("two restore requests, then both links", &[("winners", won), ("losers", 2 * ROUNDS - won)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_requests_at_once_one_link_lives() {
    for arena in Arena::all().await {
        let (mut won, mut mails) = (0, 0);
        for round in 0..ROUNDS {
            let email = format!("ann{round}@example.org");
            arena.join(&email, PW).await;
            contend(2, |number| {
                let (auth, email) = (arena.auth(number), email.clone());
                async move {
                    auth.request_restore(&email, &nobody()).await.unwrap();
                    let _ = auth.deliver_mail().await.unwrap();
                }
            })
            .await;
            let _ = arena.auth(0).deliver_mail().await.unwrap();
            let links = arena.links(&email);
            mails += links.len();
            let mut winners = 0;
            for link in links {
                winners += usize::from(arena.auth(1).restore(&link, password(NEW_PW), &nobody()).await.is_ok());
            }
            assert_eq!(winners, 1, "round {round}");
            won += winners;
        }
        arena.report("two restore requests at once", &[("mails", mails), ("winners", won)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_older_lineage_survives_a_restore() {
    for arena in Arena::all().await {
        let (mut refreshed, mut refused) = (0, 0);
        for round in 0..ROUNDS {
            let email = format!("ann{round}@example.org");
            arena.join(&email, PW).await;
            let link = arena.link(round, &email).await;
            let mut lineages = Vec::new();
            for number in 0..4 {
                lineages.push(signin(&arena.auth(number), &email, PW).await.unwrap());
            }
            let ended = contend(5, |number| {
                let (auth, link) = (arena.auth(number + round), link.clone());
                let token = lineages.get(number).cloned();
                async move {
                    match token {
                        Some(token) => refresh(&auth, &token).await,
                        None => auth.restore(&link, password(NEW_PW), &nobody()).await.map(|_| String::new()),
                    }
                }
            });
            let mut ended = ended.await;
            assert!(ended.pop().unwrap().is_ok(), "round {round}: the restore");
            for token in ended.into_iter().chain(lineages.into_iter().map(Ok)) {
                match token {
                    Ok(token) => {
                        assert_dead(&arena, &token).await;
                        refreshed += 1;
                    }
                    Err(AuthError::TokenRevoked(_)) => refused += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
            assert!(arena.opens(&email, NEW_PW).await);
        }
        let first = 4 * ROUNDS;
        let counts = [("refreshed", refreshed - first), ("refused", refused), ("dead afterwards", refreshed)];
        arena.report("4 refreshes against a restore", &counts);
    }
}
