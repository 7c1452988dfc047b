use std::sync::Arc;

use auth_core::account::Epoch;
use auth_core::store::{MemoryStore, TakeoverStore as _, UserStore as _};
use auth_core::{Auth, AuthError, ClientInfo, Revocation, Timestamp};
use tokio::sync::Barrier;

use super::minted::{self, token};
use super::project::{Project, Server, now};

const HOUR: i64 = 3_600;

/// A server on a table that had one user, ann, when it was taken over.
async fn taken_over(project: &Project) -> Server {
    project.add("ann", "ann@example.org", "first").await;
    project.take_over().await
}

async fn get_user(server: &Server, token: &str) -> Result<String, AuthError> {
    let user = server.auth.get_user(token, &ClientInfo::default()).await?;
    Ok(user.username.as_str().to_owned())
}

async fn refresh(server: &Server, token: &str) -> Result<String, AuthError> {
    let refreshed = server.auth.refresh(token, &ClientInfo::default()).await?;
    Ok(refreshed.token.expose().to_owned())
}

fn revoked<T>(result: &Result<T, AuthError>) -> Option<Revocation> {
    match result {
        Err(AuthError::TokenRevoked(revocation)) => Some(*revocation),
        _ => None,
    }
}

fn is_expired<T>(result: &Result<T, AuthError>) -> bool {
    matches!(result, Err(AuthError::TokenExpired))
}

#[tokio::test]
async fn a_token_of_the_python_service_is_good_and_becomes_a_session() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        let old = token(1, HOUR);
        assert_eq!(get_user(&server, &old).await.unwrap(), "ann", "{}", project.url());
        let valid = server.auth.validation(&old, &ClientInfo::default()).await.unwrap();
        assert_eq!(valid.expires_at, Timestamp::from_unix_seconds(now().unix_seconds() + HOUR));
        let new = refresh(&server, &old).await.unwrap();
        let claims = server.auth.verify_token(&new).unwrap();
        assert_eq!((claims.user.as_str(), claims.generation), ("1", 1));
        assert_eq!(get_user(&server, &new).await.unwrap(), "ann");
        assert_eq!(get_user(&server, &old).await.unwrap(), "ann");
        let newer = refresh(&server, &new).await.unwrap();
        assert_eq!(server.auth.verify_token(&newer).unwrap().generation, 2);
    }
}

#[tokio::test]
async fn only_a_server_that_takes_over_honours_it() {
    let project = Project::on_sqlite().await;
    project.add("ann", "", "first").await;
    let old = token(1, HOUR);
    let documented = project.serve_with(minted::settings()).await;
    for result in [get_user(&documented, &old).await, refresh(&documented, &old).await] {
        assert!(matches!(result, Err(AuthError::TokenInvalid(_))), "{result:?}");
    }
    assert!(documented.auth.verify_token(&old).is_err());
    let asked = project.serve_with(minted::settings().legacy_tokens(true)).await;
    assert!(get_user(&asked, &old).await.is_ok());

    let on_memory = |settings| Auth::builder(settings, MemoryStore::default()).build();
    let fault = on_memory(minted::settings().legacy_tokens(true)).unwrap_err();
    assert_eq!(fault.faults[0].setting, "legacy_tokens");
    let plain = on_memory(minted::settings().profile(auth_core::config::Profile::Django)).unwrap();
    assert!(plain.verify_token(&old).is_err());
}

#[tokio::test]
async fn shown_again_it_gets_the_same_successor_and_after_the_grace_ends_the_session_for_good() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        let old = token(1, HOUR);
        let new = refresh(&server, &old).await.unwrap();
        assert_eq!(refresh(&server, &old).await.unwrap(), new);
        server.clock.advance(std::time::Duration::from_secs(10));
        assert_eq!(revoked(&refresh(&server, &old).await), Some(Revocation::Reuse), "{}", project.url());
        for token in [&old, &new] {
            assert_eq!(revoked(&refresh(&server, token).await), Some(Revocation::Ended));
            assert_eq!(revoked(&get_user(&server, token).await), Some(Revocation::Ended));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_refreshes_at_once_give_one_token() {
    for project in Project::all().await {
        let server = Arc::new(taken_over(&project).await);
        for round in 0..10 {
            let (old, barrier) = (token(1, HOUR + round), Arc::new(Barrier::new(16)));
            let contenders = (0..16).map(|_| {
                let (server, old, barrier) = (server.clone(), old.clone(), barrier.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    refresh(&server, &old).await
                })
            });
            let mut tokens = Vec::new();
            for contender in contenders.collect::<Vec<_>>() {
                tokens.push(contender.await.unwrap().unwrap());
            }
            tokens.dedup();
            assert_eq!(tokens.len(), 1, "round {round} on {}", project.url());
        }
    }
}

#[tokio::test]
async fn it_ends_with_the_password_the_activity_and_the_account() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        for name in ["bob", "cid", "dan", "eve"] {
            project.add(name, "", "first").await;
            assert!(
                get_user(&server, &token(server.named(name).await.unwrap().id.as_i64().unwrap(), HOUR)).await.is_ok()
            );
        }
        project.run("UPDATE accounts_user SET password = 'second' WHERE username IN ('ann', 'bob')").await;
        project.run("UPDATE accounts_user SET is_active = FALSE WHERE username = 'cid'").await;
        project.run("DELETE FROM accounts_user WHERE username = 'dan'").await;
        let eve = server.named("eve").await.unwrap().id;
        server.store.set_epoch(&eve, Epoch::stored("ignored")).await.unwrap();
        for (user, revocation) in [
            (1, Revocation::EpochChanged),
            (2, Revocation::EpochChanged),
            (3, Revocation::Inactive),
            (4, Revocation::Deleted),
            (5, Revocation::EpochChanged),
            (99, Revocation::Deleted),
        ] {
            assert_eq!(revoked(&get_user(&server, &token(user, HOUR)).await), Some(revocation), "{user}");
            assert_eq!(revoked(&refresh(&server, &token(user, HOUR)).await), Some(revocation), "{user}");
        }
    }
}

#[tokio::test]
async fn our_own_new_hash_of_the_same_password_does_not_end_it() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        project.add("late", "", "first").await;
        for user in [1, 2] {
            let id = auth_core::account::UserId::from(user);
            let read = server.store.by_id(&id).await.unwrap().unwrap().password;
            let new = auth_core::password::PasswordHash::stored("the same in another format");
            let rule = auth_core::store::EpochRule::Keep;
            assert_eq!(
                server.store.set_password(&id, Some(&read), &new, rule).await.unwrap(),
                auth_core::store::Cas::Won
            );
            assert!(get_user(&server, &token(user, HOUR)).await.is_ok(), "{user} on {}", project.url());
        }
    }
}

#[tokio::test]
async fn signed_out_it_never_becomes_a_session() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        let client = ClientInfo::default();
        let unspent = token(1, HOUR);
        server.auth.signout(&unspent, &client).await.unwrap();
        assert_eq!(revoked(&server.auth.signout(&unspent, &client).await), Some(Revocation::Ended));
        assert_eq!(revoked(&get_user(&server, &unspent).await), Some(Revocation::Ended));
        assert_eq!(revoked(&refresh(&server, &unspent).await), Some(Revocation::Ended));

        let refreshed = token(1, HOUR + 1);
        let new = refresh(&server, &refreshed).await.unwrap();
        server.auth.signout(&refreshed, &client).await.unwrap();
        assert_eq!(revoked(&refresh(&server, &new).await), Some(Revocation::Ended));
        assert_eq!(revoked(&refresh(&server, &refreshed).await), Some(Revocation::Ended));
    }
}

#[tokio::test]
async fn it_refreshes_for_seven_days_after_its_end_and_is_good_until_its_end() {
    let project = Project::on_sqlite().await;
    let server = taken_over(&project).await;
    let (old, older) = (token(1, 0), token(1, -1));
    assert!(is_expired(&get_user(&server, &old).await));
    assert!(is_expired(&server.auth.validation(&old, &ClientInfo::default()).await));
    server.after_days(7);
    assert!(refresh(&server, &old).await.is_ok());
    assert!(is_expired(&refresh(&server, &older).await));
}

#[tokio::test]
async fn after_the_term_no_token_becomes_a_session_and_sessions_go_on() {
    let project = Project::on_sqlite().await;
    project.add("ann", "", "first").await;
    let until = now() + std::time::Duration::from_hours(72);
    let settings = || minted::settings().profile(auth_core::config::Profile::Django);
    for (server, days) in [
        (project.serve_with(settings()).await, 30),
        (project.serve_with(settings().legacy_tokens_until(until)).await, 3),
    ] {
        let long = token(1, 40 * 24 * HOUR + days);
        server.clock.set(now() + std::time::Duration::from_secs(u64::try_from(days).unwrap() * 24 * 60 * 60 - 1));
        assert!(get_user(&server, &long).await.is_ok(), "{days}");
        let mut session = refresh(&server, &long).await.unwrap();
        server.clock.advance(std::time::Duration::from_secs(1));
        let other = token(1, 40 * 24 * HOUR - days);
        assert!(is_expired(&refresh(&server, &other).await), "{days}");
        assert!(is_expired(&get_user(&server, &other).await), "{days}");
        session = refresh(&server, &session).await.unwrap();
        assert!(get_user(&server, &session).await.is_ok());
    }
}

#[tokio::test]
async fn when_no_session_of_theirs_can_live_it_is_forgotten_which_tokens_were_spent() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        let (refreshed, signed_out) = (token(1, 37 * 24 * HOUR), token(1, 37 * 24 * HOUR + 1));
        refresh(&server, &refreshed).await.unwrap();
        server.auth.signout(&signed_out, &ClientInfo::default()).await.unwrap();
        for (days, kept) in [(0, 2), (30, 2), (59, 2), (60, 0)] {
            server.after_days(days);
            let _ = server.auth.deliver_mail().await.unwrap();
            let spent = project.ask("SELECT session_id FROM auth_takeover_tokens").await.len();
            assert_eq!(spent, kept, "{days} days, {}", project.url());
        }
        for old in [&refreshed, &signed_out] {
            assert!(is_expired(&refresh(&server, old).await) && is_expired(&get_user(&server, old).await));
        }
    }
}

#[tokio::test]
async fn spent_tokens_are_forgotten_in_portions() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        for seconds in 0..5 {
            server.auth.signout(&token(1, HOUR + seconds), &ClientInfo::default()).await.unwrap();
        }
        for (limit, forgotten) in [(0, 0), (2, 2), (9, 3), (9, 0)] {
            assert_eq!(server.store.forget_spent(limit).await.unwrap(), forgotten, "{}", project.url());
        }
    }
}

#[tokio::test]
async fn a_sign_out_ends_the_session_that_an_old_token_became_even_where_that_is_forgotten() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        let old = token(1, HOUR);
        let session = refresh(&server, &old).await.unwrap();
        assert_eq!(server.store.forget_spent(9).await.unwrap(), 1);
        server.auth.signout(&old, &ClientInfo::default()).await.unwrap();
        assert!(matches!(get_user(&server, &session).await, Err(AuthError::TokenRevoked(_))), "{}", project.url());
    }
}

#[tokio::test]
async fn a_day_that_was_put_too_early_forgets_no_token() {
    let project = Project::on_sqlite().await;
    project.add("ann", "", "first").await;
    let settings = minted::settings().profile(auth_core::config::Profile::Django);
    let server = project.serve_with(settings.legacy_tokens_until(Timestamp::from_unix_seconds(0))).await;
    server.auth.signout(&token(1, HOUR), &ClientInfo::default()).await.unwrap();
    let _ = server.auth.deliver_mail().await.unwrap();
    assert_eq!(project.ask("SELECT session_id FROM auth_takeover_tokens").await.len(), 1);
}

#[tokio::test]
async fn a_bad_token_is_a_bad_token_for_either_reason() {
    let project = Project::on_sqlite().await;
    let server = taken_over(&project).await;
    let good = token(1, HOUR);
    let (head, _) = good.rsplit_once('.').unwrap();
    for bad in [format!("{head}.AAAA"), format!("{good}x"), head.to_owned(), "a.b.c".to_owned()] {
        assert!(matches!(get_user(&server, &bad).await, Err(AuthError::TokenInvalid(_))), "{bad}");
    }
    assert!(matches!(get_user(&server, "").await, Err(AuthError::TokenMissing)));
}

#[tokio::test]
async fn an_old_token_of_somebody_who_came_later_ends_with_a_password_that_we_change() {
    for project in Project::all().await {
        let server = taken_over(&project).await;
        project.add("late", "late@example.org", "first").await;
        let late = server.named("late").await.unwrap().id;
        let stolen = token(late.as_i64().unwrap(), HOUR);
        let new = auth_core::password::Password::new("a tree house by night");
        assert!(server.auth.set_password(&late, new).await.unwrap());
        assert!(matches!(refresh(&server, &stolen).await, Err(AuthError::TokenRevoked(_))));
    }
}
