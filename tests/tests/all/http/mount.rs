//! Where the routes answer, and where they leave the host alone.

use auth_core::http::Route;
use auth_tests::{Case, PW, Request, World};

/// Every route is there: with a slash and without.
async fn every_route_answers(world: &World) {
    let mut ann = world.client();
    ann.joins_as("ann", PW).await;
    for route in Route::ALL {
        for slash in ["", "/"] {
            let request = Request::post(&world.path(route.path())).json("{\"email\":\"ann@example.org\"}");
            let request = Request { target: request.target + slash, ..request };
            let answer = ann.send(request).await;
            assert!(![404, 405, 301, 307, 308].contains(&answer.status()), "{route:?} {answer:?}");
        }
    }
}

#[tokio::test]
async fn each_route_answers_with_and_without_a_trailing_slash() {
    Case::over_http().run(async |world| every_route_answers(&world).await).await;
}

#[tokio::test]
async fn the_routes_mount_at_the_root() {
    Case::over_http().mounted_at("/").run(async |world| every_route_answers(&world).await).await;
}

#[tokio::test]
async fn the_routes_mount_under_any_prefix() {
    Case::over_http().mounted_at("/api/v1/accounts").run(async |world| every_route_answers(&world).await).await;
}

#[tokio::test]
async fn the_routes_mount_inside_a_part_of_the_host() {
    Case::over_http().nested_in("/outer").run(async |world| every_route_answers(&world).await).await;
}

#[tokio::test]
async fn a_route_that_is_left_out_is_our_404() {
    Case::over_http()
        .only(&[Route::Signin, Route::Refresh])
        .run(async |world| {
            let mut ann = world.client();
            ann.signin("ann", PW).await.is(401, "credentials");
            for route in ["/signup", "/signup/", "/signout", "/restore"] {
                ann.post(route, "{}").await.is(404, "not_found");
            }
            ann.send(Request::get(&world.path("/signup"))).await.is(404, "not_found");
        })
        .await;
}

#[tokio::test]
async fn below_the_mount_what_is_no_route_is_our_404() {
    Case::over_http()
        .run(async |world| {
            let ann = world.client();
            for path in [
                "/auth",
                "/auth/",
                "/auth/nothing",
                "/auth/signup/more",
                "/auth/signup//",
                "/auth//signup",
                "/auth/SIGNUP",
                "/auth/%73ignup/x",
            ] {
                for method in ["GET", "POST", "DELETE", "OPTIONS"] {
                    let answer = ann.send(Request::new(method, path)).await;
                    answer.is(404, "not_found");
                    assert_eq!(answer.header("cache-control"), Some("no-store"));
                }
            }
        })
        .await;
}

#[tokio::test]
async fn outside_the_mount_the_404_is_the_hosts() {
    for prefix in ["/auth", "/"] {
        Case::over_http()
            .mounted_at(prefix)
            .run(async |world| {
                let ann = world.client();
                for path in ["/nothing", "/authors", "/me/nothing", "/signup2"] {
                    let answer = ann.send(Request::post(path)).await;
                    assert_eq!((answer.status(), answer.text()), (404, "the host's own page"));
                }
            })
            .await;
    }
}

#[tokio::test]
async fn at_the_root_the_routes_of_the_host_stay_the_hosts() {
    Case::over_http()
        .mounted_at("/")
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            assert_eq!(ann.visits("/maybe").await.text(), "ann");
            assert_eq!(ann.visits("/").await.text(), "the host's own page");
            assert_eq!(ann.visits("/auth/signin").await.text(), "the host's own page");
        })
        .await;
}

#[tokio::test]
async fn every_other_method_is_405_and_says_what_is_allowed() {
    Case::over_http()
        .run(async |world| {
            let ann = world.client();
            for route in Route::ALL {
                for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
                    let answer = ann.send(Request::new(method, &world.path(route.path()))).await;
                    assert_eq!((answer.status(), answer.header("allow")), (405, Some("POST")));
                }
            }
        })
        .await;
}

#[tokio::test]
async fn a_preflight_of_another_origin_gets_no_cors_header() {
    Case::over_http()
        .run(async |world| {
            let preflight = Request::new("OPTIONS", &world.path("/signin"))
                .header("origin", "https://eve.example.org")
                .header("access-control-request-method", "POST");
            world.client().send(preflight).await.is(405, "method_not_allowed");
            let signin = Request::post(&world.path("/signin")).header("origin", "https://eve.example.org");
            world.client().send(signin.json(r#"{"username":"ann","password":"x"}"#)).await.is(401, "credentials");
        })
        .await;
}

#[tokio::test]
async fn no_other_method_looks_at_a_body() {
    Case::over_http()
        .run(async |world| {
            let ann = world.client();
            let body = r#"{"username":"ann","password":"a tree house in the rain"}"#;
            ann.send(Request::new("PUT", &world.path("/signup")).json(body)).await.is(405, "method_not_allowed");
            ann.post("/signin", body).await.is(401, "credentials");
        })
        .await;
}
