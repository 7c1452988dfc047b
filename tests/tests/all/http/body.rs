//! One JSON object in UTF-8, and nothing else.

use auth_tests::{Case, PW, Request};

const ROUTES: [&str; 5] = ["/signup", "/signin", "/restore", "/validation", "/get_user"];

#[tokio::test]
async fn what_is_not_one_object_is_refused_on_every_route() {
    Case::everywhere()
        .run(async |world| {
            for route in ROUTES {
                for body in ["[]", "null", "1", "\"s3ntinel\"", "[\"ann\",\"s3ntinel\"]", "{", "s3ntinel"] {
                    let answer = world.client().post(route, body).await;
                    answer.is(400, "invalid_body");
                    assert!(!answer.text().contains("s3ntinel"));
                }
            }
        })
        .await;
}

#[tokio::test]
async fn an_empty_body_is_no_object_where_a_body_is_needed() {
    Case::everywhere()
        .run(async |world| {
            for route in ["/signup", "/signin", "/restore"] {
                world.client().post(route, "").await.is(400, "invalid_body");
                world.client().send(Request::post(&world.path(route))).await.is(400, "invalid_body");
            }
        })
        .await;
}

#[tokio::test]
async fn what_no_strict_parser_takes_is_refused() {
    Case::everywhere()
        .run(async |world| {
            for body in [
                "{}{}",
                "{} x",
                "{\"username\":\"ann\",}",
                "{'username':'ann'}",
                "{username:\"ann\"}",
                "{\"username\":NaN}",
                "{\"username\":1e999}",
                "{\"username\":01}",
                "{\"username\":\"\n\"}",
                "// {}\n{}",
                "\u{feff}{}",
                "{\"username\":\"\\ud800\"}",
                "{\"username\":\"\\udc00\\ud800\"}",
                "{\"\\ud800\":1}",
                "{\"username\":\"\\x41\"}",
            ] {
                world.client().post("/signin", body).await.is(400, "invalid_body");
            }
        })
        .await;
}

#[tokio::test]
async fn other_encodings_than_utf_8_are_refused() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            let utf_16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
            for body in [b"{\"username\":\"\xff\"}".to_vec(), b"{\"username\":\"\xed\xa0\x80\"}".to_vec(), utf_16] {
                ann.send(Request::post(&world.path("/signin")).json(body)).await.is(400, "invalid_body");
            }
        })
        .await;
}

#[tokio::test]
async fn a_key_twice_is_refused_at_any_depth() {
    Case::everywhere()
        .run(async |world| {
            for body in [
                r#"{"username":"ann","username":"ann","password":"x"}"#,
                r#"{"username":"ann","\u0075sername":"eve","password":"x"}"#,
                r#"{"username":"ann","password":"x","other":[{"a":1,"a":1}]}"#,
                r#"{"other":null,"other":null}"#,
            ] {
                world.client().post("/signin", body).await.is(400, "invalid_body");
            }
        })
        .await;
}

#[tokio::test]
async fn nesting_ends_at_32_levels() {
    Case::everywhere()
        .run(async |world| {
            let nested = |levels: usize| {
                let (open, close) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
                format!(r#"{{"username":"ann","password":"x","other":{open}{close}}}"#)
            };
            world.client().post("/signin", &nested(32)).await.is(401, "credentials");
            world.client().post("/signin", &nested(33)).await.is(400, "invalid_body");
            world.client().post("/signin", &nested(5_000)).await.is(400, "invalid_body");
        })
        .await;
}

#[tokio::test]
async fn escapes_and_white_space_are_json_like_any_other() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("é😀", PW).await.is_ok();
            let body = "\t{ \"username\" :\r\n\"\\u00e9\\ud83d\\ude00\", \"password\": \"a tree house in the rain\" } ";
            ann.post("/signin", body).await.is_ok();
        })
        .await;
}
