use auth_core::config::Profile;
use auth_core::throttle::Limits;
use auth_tests::{Answer, Request, Site, Transport};
use serde_json::{Value, json};

use super::minted;
use super::project::{PASSWORD, Project, Server};

/// What the recorded cases leave open, on both adapters.
async fn everywhere(story: impl AsyncFn(&Client<'_>)) {
    for transport in Transport::HTTP {
        let project = Project::on_sqlite().await;
        let server = project.serve_with(minted::settings().limits(Limits::default()).profile(Profile::Django)).await;
        let site = Site::open(transport, &server.auth, "/auth");
        story(&Client { project: &project, server: &server, site }).await;
    }
}

struct Client<'p> {
    project: &'p Project,
    server: &'p Server,
    site: Site,
}

impl Client<'_> {
    async fn send(&self, request: Request) -> Answer {
        let answer = self.site.send(&request).await;
        let _ = self.server.auth.deliver_mail().await.unwrap();
        answer
    }

    async fn post(&self, route: &str, body: &Value) -> Answer {
        self.send(Request::post(&format!("/auth{route}")).json(body.to_string())).await
    }

    /// Makes an account of a name and signs in.
    async fn joins_as(&self, name: &str) -> String {
        let body = json!({"username": name, "email": format!("{name}@example.org"), "password": PASSWORD});
        assert_eq!(self.post("/signup/", &body).await.status(), 201);
        self.post("/signin/", &body).await.token()
    }

    async fn gets_user(&self, token: &str) -> Answer {
        self.post("/get_user/", &json!({"token": token})).await
    }

    async fn refreshes(&self, token: &str) -> Answer {
        self.send(Request::post("/auth/refresh/").bearer(token)).await
    }
}

#[track_caller]
fn refused(answer: &Answer, status: u16, message: &str) {
    let body = format!(r#"{{"error": {{"message": "{message}"}}, "status": {status}}}"#);
    assert_eq!((answer.status(), answer.text()), (status, body.as_str()));
}

#[tokio::test]
async fn a_deleted_user_is_not_found_however_often_they_come() {
    everywhere(async |client| {
        let token = client.joins_as("ann").await;
        client.project.run("DELETE FROM accounts_user").await;
        for _ in 0..2 {
            refused(&client.gets_user(&token).await, 404, "User not found");
            refused(&client.refreshes(&token).await, 404, "User not found");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_of_a_deactivated_user_is_a_bad_one() {
    everywhere(async |client| {
        let token = client.joins_as("ann").await;
        client.project.run("UPDATE accounts_user SET is_active = FALSE").await;
        refused(&client.refreshes(&token).await, 401, "Invalid token");
        refused(&client.gets_user(&token).await, 400, "Invalid token");
    })
    .await;
}

#[tokio::test]
async fn a_password_that_no_account_can_have_is_an_unknown_user_at_sign_in() {
    everywhere(async |client| {
        let long = json!({"username": "ann", "password": "x".repeat(1_025)});
        refused(&client.post("/signin/", &long).await, 404, "User not found");
    })
    .await;
}

#[tokio::test]
async fn restore_takes_254_characters_of_anything_and_not_one_more() {
    everywhere(async |client| {
        let text = "\u{0}é".repeat(127);
        let echoed = "\\u0000\\u00e9".repeat(127);
        let answer = client.post("/restore/", &json!({"email": text})).await;
        let sent = format!(r#"{{"message": "Email has sent. The address is {echoed}", "status": 200}}"#);
        assert_eq!((answer.status(), answer.text()), (200, sent.as_str()));
        refused(&client.post("/restore/", &json!({"email": text + "x"})).await, 400, "Incorrect data fields");
    })
    .await;
}

#[tokio::test]
async fn a_bad_restoring_token_is_answered_before_a_weak_password() {
    everywhere(async |client| {
        let weak = json!({"token": "abc", "new_password": "x"});
        refused(&client.post("/restore/", &weak).await, 400, "Invalid token");
    })
    .await;
}

#[tokio::test]
async fn weak_over_long_and_unprintable_is_400_at_sign_up() {
    everywhere(async |client| {
        let ann = |changed: &str, value: &str| {
            let mut body = json!({"username": "ann", "email": "ann@example.org", "password": PASSWORD});
            body[changed] = value.into();
            body
        };
        let address = format!("{}@{}.example", "a".repeat(64), "d".repeat(63));
        let as_name = json!({"email": address.replace(".example", &".example".repeat(4)), "password": PASSWORD, "email_as_name": 1});
        for body in [
            ann("password", "short"),
            ann("password", &"x".repeat(1_025)),
            ann("username", &"x".repeat(151)),
            ann("username", "a\nb"),
            ann("email", &format!("{}@example.org", "a".repeat(65))),
            as_name,
        ] {
            assert_eq!(client.post("/signup/", &body).await.status(), 400, "{body}");
        }
        assert_eq!(client.project.ask("SELECT username FROM accounts_user").await, []);
    })
    .await;
}

#[tokio::test]
async fn what_stands_before_the_token_is_nothing_or_bearer_in_any_case() {
    everywhere(async |client| {
        let mut token = client.joins_as("ann").await;
        for scheme in ["", "Bearer ", "bearer ", "Bearer  "] {
            let request = Request::post("/auth/refresh/").header("authorization", format!("{scheme}{token}"));
            token = client.send(request).await.token();
        }
        for scheme in ["Token ", "Basic "] {
            let request = Request::post("/auth/refresh/").header("authorization", format!("{scheme}{token}"));
            refused(&client.send(request).await, 401, "Invalid token");
        }
        refused(&client.send(Request::post("/auth/refresh/")).await, 400, "No Autherization token");
    })
    .await;
}

#[tokio::test]
async fn below_the_mount_point_every_refusal_has_the_envelope() {
    everywhere(async |client| {
        refused(&client.send(Request::post("/auth/nope")).await, 404, "There is nothing here.");
        let get = client.send(Request::get("/auth/signin/")).await;
        refused(&get, 405, "Use POST here.");
        assert_eq!(get.header("allow"), Some("POST"));
    })
    .await;
}

#[tokio::test]
async fn who_tries_too_often_is_told_so_in_the_envelope() {
    everywhere(async |client| {
        client.joins_as("ann").await;
        let wrong = json!({"username": "ann", "password": "a wrong guess"});
        let mut answer = client.post("/signin/", &wrong).await;
        for _ in 0..10 {
            if answer.status() != 404 {
                break;
            }
            answer = client.post("/signin/", &wrong).await;
        }
        refused(&answer, 429, "Too many attempts. Try again later.");
        assert!(answer.header("retry-after").is_some());
    })
    .await;
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    everywhere(async |client| {
        let body = [b"\xef\xbb\xbf", json!({"username": "ann", "password": PASSWORD}).to_string().as_bytes()].concat();
        refused(&client.send(Request::post("/auth/signin/").body(body)).await, 404, "User not found");
    })
    .await;
}
