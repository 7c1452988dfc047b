//! `Content-Type`.

use auth_tests::{Case, PW, Request};

const BODY: &str = r#"{"username":"ann","password":"a tree house in the rain"}"#;

#[tokio::test]
async fn json_in_utf_8_or_no_type_at_all_is_read() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            let signin = || Request::post(&world.path("/signin")).body(BODY);
            ann.send(signin()).await.is_ok();
            for kind in [
                "application/json",
                "Application/JSON",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
            ] {
                ann.send(signin().header("content-type", kind)).await.is_ok();
            }
        })
        .await;
}

#[tokio::test]
async fn everything_else_is_another_media_type() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            for kind in [
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/problem+json",
                "application/json; charset=utf-16",
                "application/json; charset=latin1",
                "application/json, text/plain",
                "text/json",
                "",
            ] {
                for route in ["/signup", "/signin", "/restore", "/validation", "/get_user"] {
                    let request = Request::post(&world.path(route)).header("content-type", kind).body(BODY);
                    ann.send(request).await.is(415, "media_type");
                }
            }
        })
        .await;
}

#[tokio::test]
async fn two_types_are_none() {
    Case::everywhere()
        .run(async |world| {
            let twice = Request::post(&world.path("/signin")).json(BODY).header("content-type", "application/json");
            world.client().send(twice).await.is(415, "media_type");
        })
        .await;
}

#[tokio::test]
async fn without_a_body_another_type_is_still_another_type() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let request = Request::post(&world.path("/get_user")).header("content-type", "text/plain");
            ann.send(request.bearer(ann.token())).await.is(415, "media_type");
        })
        .await;
}
