//! What of a sign-up is kept, and what of an account is shown.

use auth_core::Settings;
use auth_tests::{Case, PW};

const BODY: &str =
    r#"{"username":"ann","password":"a tree house in the rain","nickname":"Nan","newsletter":true,"is_admin":true}"#;

fn listed(settings: Settings) -> Settings {
    settings.signup_attributes(["nickname", "newsletter"]).public_attributes(["nickname", "badge"])
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    Case::everywhere()
        .run(async |world| {
            world.client().post("/signup", BODY).await.is_ok();
            assert!(world.user("ann").await.attributes.is_empty());
        })
        .await;
}

#[tokio::test]
async fn a_sign_up_fills_only_what_the_host_lists() {
    Case::everywhere()
        .settings(listed)
        .run(async |world| {
            world.client().post("/signup", BODY).await.is_ok();
            let attributes = world.user("ann").await.attributes;
            assert_eq!(attributes.keys().collect::<Vec<_>>(), ["newsletter", "nickname"]);
        })
        .await;
}

#[tokio::test]
async fn a_client_sees_only_what_the_host_lists() {
    Case::everywhere()
        .settings(listed)
        .run(async |world| {
            let mut ann = world.client();
            let user = ann.post("/signup", BODY).await.user();
            assert_eq!((&user["nickname"], user.get("newsletter")), (&"Nan".into(), None));
            ann.signin("ann", PW).await.is_ok();
            assert_eq!(ann.get_user().await.user()["nickname"], "Nan");
        })
        .await;
}

#[tokio::test]
async fn nobody_makes_themselves_active_old_or_somebody_else() {
    Case::everywhere()
        .settings(listed)
        .run(async |world| {
            let body = r#"{"username":"ann","password":"a tree house in the rain","id":"1","is_active":false,"date_joined":"1999-01-01T00:00:00Z","last_login":"1999-01-01T00:00:00Z","roles":["admin"],"epoch":"e","restoring_token":"t"}"#;
            let user = world.client().post("/signup", body).await.user();
            assert_eq!((&user["is_active"], &user["last_login"]), (&true.into(), &serde_json::Value::Null));
            assert!(world.user("ann").await.roles.is_empty());
        })
        .await;
}
