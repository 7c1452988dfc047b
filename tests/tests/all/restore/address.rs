//! An address that the host changes in its own table.

use std::time::Duration;

use auth_core::account::Login;
use auth_core::actions::SignUp;
use auth_core::mail::MemoryMailer;
use auth_core::password::Password;
use auth_core::restore::RestoreFault;
use auth_core::testing::TestClock;
use auth_core::{Auth, AuthError, ClientInfo};
use auth_sqlx::{SqlStore, sqlx};
use auth_tests::{NEW_PW, PW, settings};

#[tokio::test]
async fn a_link_ends_with_the_address_it_was_mailed_to() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::connect(&format!("sqlite://{}/auth.db", folder.path().display())).await.unwrap();
    let (mailer, clock, nobody) = (MemoryMailer::new(), TestClock::default(), ClientInfo::default());
    let builder = Auth::builder(settings(), store.clone()).mailer(mailer.clone()).clock(clock.clone());
    let auth = builder.background_worker(false).build().unwrap();
    let _ = auth.signup(SignUp::with_email("ann@example.org", PW), &nobody).await.unwrap();
    auth.request_restore("ann@example.org", &nobody).await.unwrap();
    let _ = auth.deliver_mail().await.unwrap();
    let mail = mailer.sent().remove(0);
    let link = mail.expose_text().split("restoring=").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();

    let change = "UPDATE auth_users SET email = 'ann@example.com', email_key = 'ann@example.com'";
    assert_eq!(sqlx::query(change).execute(store.sqlite_pool().unwrap()).await.unwrap().rows_affected(), 1);
    clock.advance(Duration::from_secs(1));
    let refused = auth.restore(link, Password::new(NEW_PW), &nobody).await;
    assert!(matches!(refused, Err(AuthError::RestoreToken(RestoreFault::Unknown))));
    let user = auth.stores().users.by_login(&Login::parse("ann@example.org").unwrap()).await.unwrap().unwrap();
    assert_eq!(user.email.unwrap().as_str(), "ann@example.com");
}
