//! The header `Authorization`.

use auth_tests::{Case, PW, Request};

#[tokio::test]
async fn the_scheme_is_read_in_any_case_and_with_any_spaces() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for scheme in ["Bearer ", "bearer ", "BEARER ", "bEaReR    "] {
                let value = format!("{scheme}{}", ann.token());
                ann.send(Request::post(&world.path("/get_user")).header("authorization", value)).await.is_ok();
            }
        })
        .await;
}

#[tokio::test]
async fn no_token_and_another_scheme_are_missing() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for value in ["Bearer", "Bearer ", "Basic YW5uOmE=", "Token x", ""] {
                let refresh = Request::post(&world.path("/refresh")).header("authorization", value);
                ann.send(refresh).await.is(401, "token_missing");
            }
            let bare = Request::post(&world.path("/refresh")).header("authorization", ann.token());
            ann.send(bare).await.is(401, "token_missing");
        })
        .await;
}

#[tokio::test]
async fn two_headers_two_tokens_or_other_bytes_are_invalid() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            let good = format!("Bearer {}", ann.token());
            for route in ["/refresh", "/signout", "/get_user", "/validation"] {
                let twice = Request::post(&world.path(route)).bearer(ann.token()).bearer(ann.token());
                ann.send(twice).await.is(401, "token_invalid");
                let mixed = Request::post(&world.path(route)).header("authorization", "Basic YTpi").bearer(ann.token());
                ann.send(mixed).await.is(401, "token_invalid");
            }
            for value in [format!("{good} {}", ann.token()).into_bytes(), b"Bearer x\xffy".to_vec()] {
                let refresh = Request::post(&world.path("/refresh")).header("authorization", value);
                ann.send(refresh).await.is(401, "token_invalid");
            }
        })
        .await;
}

#[tokio::test]
async fn a_token_is_never_read_from_the_query() {
    Case::over_http()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            for name in ["access_token", "token", "authorization", "restoring"] {
                for (route, status) in [("/refresh", 401), ("/signout", 401), ("/get_user", 400), ("/validation", 400)]
                {
                    let target = format!("{}?{name}={}", world.path(route), ann.token());
                    ann.send(Request::post(&target)).await.is(status, "token_missing");
                }
            }
        })
        .await;
}
