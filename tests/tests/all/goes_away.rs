//! Clients that do not wait for the answer: a server then drops the future of the request.

use std::task::Poll;
use std::time::Duration;

use auth_core::actions::{Credentials, SignUp};
use auth_core::mail::MemoryMailer;
use auth_core::password::{Argon2Params, Password};
use auth_core::{Auth, ClientInfo};
use auth_tests::{Database, NEW_PW, PW, StoreKind, settings};

/// As many polls as a restore can need, and a few more.
const POLLS: usize = 12;

#[tokio::test]
async fn whoever_hangs_up_during_a_restore_does_not_keep_the_notice_from_the_owner() {
    for store in StoreKind::found() {
        for polls in 1..POLLS {
            let (_database, auth, mailer) = server(store).await;
            let link = link(&auth, &mailer).await;
            let client = nobody();
            let mut restore = Box::pin(auth.restore(&link, Password::new(NEW_PW), &client));
            for _ in 0..polls {
                if matches!(polled_once(&mut restore).await, Poll::Ready(_)) {
                    break;
                }
            }
            drop(restore);
            notice(&auth, &mailer).await;
            assert!(auth.signin(Credentials::new("ann@example.org", NEW_PW), &nobody()).await.is_ok(), "{polls}");
        }
    }
}

async fn server(store: StoreKind) -> (Database, Auth, MemoryMailer) {
    let (database, mailer) = (Database::new(store), MemoryMailer::new());
    let settings = settings().argon2(Argon2Params::danger_weak(8, 1, 1).unwrap());
    let auth =
        Auth::builder(settings, database.open().await).mailer(mailer.clone()).background_worker(false).build().unwrap();
    auth.signup(SignUp::with_email("ann@example.org", PW), &nobody()).await.unwrap();
    (database, auth, mailer)
}

async fn link(auth: &Auth, mailer: &MemoryMailer) -> String {
    auth.request_restore("ann@example.org", &nobody()).await.unwrap();
    auth.deliver_mail().await.unwrap();
    let mail = mailer.sent().pop().unwrap();
    mail.expose_text().split("restoring=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

/// Waits until the notice was sent.
async fn notice(auth: &Auth, mailer: &MemoryMailer) {
    let arrives = async {
        while !mailer.sent().iter().any(|mail| mail.subject().contains("changed")) {
            auth.deliver_mail().await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), arrives).await.unwrap();
}

/// One poll of a future, and a turn for everybody else.
async fn polled_once<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Poll<T> {
    let polled = std::future::poll_fn(|context| Poll::Ready(std::pin::Pin::new(&mut *future).poll(context))).await;
    tokio::task::yield_now().await;
    polled
}

fn nobody() -> ClientInfo {
    ClientInfo::default()
}
