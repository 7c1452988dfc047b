//! 16 KiB, measured while the body streams.

use auth_tests::{Body, Case, Request, World};

/// A sign-in whose body has exactly this many bytes.
fn signin(world: &World, bytes: usize) -> Request {
    let body = r#"{"username":"ann","password":"x","padding":""}"#;
    let padding = "p".repeat(bytes - body.len());
    let padded = body.replace(r#"padding":""#, &format!(r#"padding":"{padding}"#));
    assert_eq!(padded.len(), bytes);
    Request::post(&world.path("/signin")).json(padded)
}

#[tokio::test]
async fn a_body_of_16384_bytes_is_read_and_one_more_is_too_large() {
    Case::everywhere()
        .run(async |world| {
            world.client().send(signin(&world, 16_384)).await.is(401, "credentials");
            world.client().send(signin(&world, 16_385)).await.is(413, "too_large");
            world.client().send(signin(&world, 1_000_000)).await.is(413, "too_large");
        })
        .await;
}

#[tokio::test]
async fn chunks_are_measured_as_they_come() {
    Case::over_http()
        .run(async |world| {
            world.client().send(signin(&world, 16_384).sent(Body::Chunked)).await.is(401, "credentials");
            world.client().send(signin(&world, 16_385).sent(Body::Chunked)).await.is(413, "too_large");
        })
        .await;
}

#[tokio::test]
async fn an_endless_body_is_answered_before_it_ends() {
    Case::over_http()
        .run(async |world| {
            world.client().send(signin(&world, 17_000).sent(Body::Endless)).await.is(413, "too_large");
        })
        .await;
}

#[tokio::test]
async fn size_is_judged_before_media_type_and_json() {
    Case::everywhere()
        .run(async |world| {
            for route in ["/signup", "/signin", "/restore", "/validation", "/get_user"] {
                let request = Request::post(&world.path(route)).header("content-type", "text/plain");
                world.client().send(request.body(vec![b'x'; 16_385])).await.is(413, "too_large");
            }
        })
        .await;
}
