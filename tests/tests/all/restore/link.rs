//! What the link is made of, and what opening it does.

use std::time::Duration;

use auth_tests::{Case, NEW_PW, PW, Request, settings};

#[tokio::test]
async fn the_link_is_the_configured_page_with_one_more_parameter() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            for (page, start) in [
                ("https://app.example.org/restore", "https://app.example.org/restore?restoring="),
                ("https://app.example.org/restore/?lang=en", "https://app.example.org/restore/?lang=en&restoring="),
                ("https://app.example.org", "https://app.example.org?restoring="),
            ] {
                world.restart(settings().path_to_restore(page)).await;
                ann.asks_to_restore("ann@example.org").await.is_ok();
                let mail = world.mail().await;
                assert!(mail.links().all(|link| link.starts_with(start)), "{}", mail.text());
                assert_eq!(mail.restoring_token().len(), 140);
                world.wait(Duration::from_mins(1));
            }
        })
        .await;
}

#[tokio::test]
async fn no_header_has_a_say_in_the_link() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let request = Request::post(&world.path("/restore"))
                .header("x-forwarded-host", "eve.example.com")
                .header("x-forwarded-proto", "http")
                .header("forwarded", "host=eve.example.com;proto=http")
                .header("x-original-url", "https://eve.example.com")
                .header("origin", "https://eve.example.com")
                .header("referer", "https://eve.example.com/restore");
            ann.send(request.json(r#"{"email":"ann@example.org"}"#)).await.is_ok();
            let mail = world.mail().await;
            assert!(mail.text().contains("https://app.example.org/restore?restoring="));
            assert!(!mail.text().contains("eve.example.com"));
        })
        .await;
}

#[tokio::test]
async fn opening_the_link_changes_nothing_however_often() {
    Case::over_http()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            for method in ["GET", "HEAD", "OPTIONS", "GET", "HEAD"] {
                let target = format!("{}?restoring={link}", world.path("/restore"));
                assert_eq!(ann.send(Request::new(method, &target)).await.status(), 405);
            }
            ann.restores(&link, NEW_PW).await.is_ok();
        })
        .await;
}

#[tokio::test]
async fn no_answer_holds_the_token() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_email("ann@example.org", PW).await.is_ok();
            let link = ann.gets_a_link("ann@example.org").await;
            for password in ["short", "ann@example.org", NEW_PW, NEW_PW] {
                assert!(!ann.restores(&link, password).await.text().contains(&link));
            }
        })
        .await;
}
