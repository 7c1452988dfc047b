//! `enumeration_safe_signup`: the answer does not say whether an address was free.

use auth_tests::{Case, NEW_PW, PW};

#[tokio::test]
async fn a_free_and_a_taken_address_have_one_answer_and_a_mail_each() {
    Case::everywhere()
        .settings(|settings| settings.enumeration_safe_signup(true))
        .run(async |world| {
            let (mut ann, eve) = (world.client(), world.client());
            let free = ann.signup_email("ann@example.org", PW).await;
            assert_eq!(world.mail().await.to(), "ann@example.org");
            let taken = eve.signup_email("ANN@example.org", NEW_PW).await;
            assert_eq!(world.mail().await.to(), "ann@example.org", "to the stored address");
            assert_eq!((free.status(), free.text()), (taken.status(), taken.text()));
            ann.signin("ann@example.org", PW).await.is_ok();
            ann.signin("ann@example.org", NEW_PW).await.is(401, "credentials");
        })
        .await;
}

#[tokio::test]
async fn both_do_the_same_work() {
    Case::everywhere()
        .settings(|settings| settings.enumeration_safe_signup(true))
        .run(async |world| {
            let mut hashed = Vec::new();
            for _ in 0..2 {
                let before = world.auth().hashing().computed;
                world.client().signup_email("ann@example.org", PW).await.is_ok();
                hashed.push(world.auth().hashing().computed - before);
            }
            assert_eq!(hashed, [1, 1]);
        })
        .await;
}

#[tokio::test]
async fn a_weak_password_is_refused_whether_or_not_the_address_is_taken() {
    Case::everywhere()
        .settings(|settings| settings.enumeration_safe_signup(true))
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", "password").await.is(400, "weak_password");
            ann.signup_email("ann@example.org", PW).await.is_ok();
            ann.signup_email("ann@example.org", "password").await.is(400, "weak_password");
        })
        .await;
}

#[tokio::test]
async fn a_username_form_may_still_say_taken() {
    Case::everywhere()
        .settings(|settings| settings.enumeration_safe_signup(true))
        .run(async |world| {
            let ann = world.client();
            assert_eq!(ann.signup_username("ann", PW).await.user()["username"], "ann");
            ann.signup_username("Ann", PW).await.is_about("taken", "username");
        })
        .await;
}
