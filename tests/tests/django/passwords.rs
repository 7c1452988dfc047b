use auth_core::account::{Epoch, User};
use auth_core::password::PasswordHash;
use auth_core::store::{Cas, EpochRule, UserStore as _};
use auth_core::{AuthError, ClientInfo};

use super::project::{PASSWORD, Project, Server};

fn hash(text: &str) -> PasswordHash {
    PasswordHash::stored(text)
}

async fn ann(server: &Server) -> User {
    server.named("ann").await.unwrap()
}

async fn rehash(server: &Server, old: &str, new: &str) -> Cas {
    let id = ann(server).await.id;
    server.store.set_password(&id, Some(&hash(old)), &hash(new), EpochRule::Keep).await.unwrap()
}

#[tokio::test]
async fn a_password_that_django_writes_ends_every_session_of_ours() {
    for project in Project::all().await {
        let server = project.serve().await;
        server.sign_up("ann", "ann@example.org").await.unwrap();
        let token = server.sign_in("ann", PASSWORD).await.unwrap().token;
        let client = ClientInfo::default();
        assert!(server.auth.get_user(token.expose(), &client).await.is_ok());
        project.run("UPDATE accounts_user SET password = 'pbkdf2_sha256$1$a$b' WHERE username = 'ann'").await;
        let refused = server.auth.get_user(token.expose(), &client).await;
        assert!(matches!(refused, Err(AuthError::TokenRevoked(_))), "{}", project.url());
        assert!(matches!(server.auth.refresh(token.expose(), &client).await, Err(AuthError::TokenRevoked(_))));
    }
}

#[tokio::test]
async fn our_own_new_hash_of_the_same_password_ends_nothing_however_often() {
    for project in Project::all().await {
        project.add("ann", "", "first").await;
        let server = project.serve().await;
        let epoch = ann(&server).await.epoch;
        for (old, new) in [("first", "second"), ("second", "third")] {
            assert_eq!(rehash(&server, old, new).await, Cas::Won);
            assert_eq!(ann(&server).await.epoch, epoch, "{}", project.url());
        }
        assert_eq!(rehash(&server, "second", "late").await, Cas::Lost);
        project.run("UPDATE accounts_user SET password = 'fourth'").await;
        let changed = ann(&server).await.epoch;
        assert_ne!(changed, epoch);
        assert_eq!(rehash(&server, "fourth", "fifth").await, Cas::Won);
        assert_eq!(ann(&server).await.epoch, changed);
    }
}

#[tokio::test]
async fn a_newcomer_of_django_is_rehashed_and_signed_out_like_everybody() {
    for project in Project::all().await {
        let server = project.serve().await;
        project.add("ann", "", "first").await;
        let epoch = ann(&server).await.epoch;
        assert_eq!(rehash(&server, "first", "second").await, Cas::Won);
        assert_eq!(ann(&server).await.epoch, epoch);
        project.add("bob", "", "first").await;
        let bob = server.named("bob").await.unwrap();
        let next = server.store.set_epoch(&bob.id, Epoch::stored("ignored")).await.unwrap();
        assert_ne!(next, bob.epoch);
        assert_eq!(server.named("bob").await.unwrap().epoch, next);
    }
}

#[tokio::test]
async fn signing_out_everywhere_lasts_through_a_rehash() {
    for project in Project::all().await {
        project.add("ann", "", "first").await;
        let server = project.serve().await;
        let before = ann(&server).await;
        let next = server.store.set_epoch(&before.id, Epoch::stored("ignored")).await.unwrap();
        assert_eq!(rehash(&server, "first", "second").await, Cas::Won);
        assert_eq!(ann(&server).await.epoch, next);
        let other = server.store.set_epoch(&before.id, Epoch::stored("ignored")).await.unwrap();
        assert!(other != next && other != before.epoch);
    }
}

#[tokio::test]
async fn a_restoring_token_in_the_column_is_our_digest_and_no_token() {
    for project in Project::all().await {
        let server = project.serve().await;
        server.sign_up("ann", "ann@example.org").await.unwrap();
        server.auth.request_restore("ann@example.org", &ClientInfo::default()).await.unwrap();
        assert_eq!(server.auth.deliver_mail().await.unwrap().done, 1);
        let digest = project.column("ann", "restoring_token").await.unwrap();
        assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
    }
}
