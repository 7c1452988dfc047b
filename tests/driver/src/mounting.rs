//! Prefixes.

use serde_json::json;

use super::program::{Program, production};

fn every_route_answers_below(program: &Program, setting: &str, prefix: &str) {
    let folder = tempfile::tempdir().unwrap();
    let server = program.start(folder.path(), &production(&[("AUTH_PREFIX", Some(setting))]));
    let account = json!({"username": "ann", "password": "correct horse battery"});
    server.post(&format!("{prefix}/signup/"), &account).success();
    let token = server.post(&format!("{prefix}/signin"), &account).token();
    for (route, body) in [("validation", json!({"token": token})), ("get_user/", json!({"token": token}))] {
        server.post(&format!("{prefix}/{route}"), &body).success();
    }
    let token = server.bearing(&token, "POST", &format!("{prefix}/refresh/"), "").token();
    server.post(&format!("{prefix}/restore"), &json!({"email": "ann@x.example"})).success();
    server.bearing(&token, "GET", "/notes", "").success();
    server.bearing(&token, "POST", &format!("{prefix}/signout"), "").success();
    let get = server.get(&format!("{prefix}/signin"));
    get.fails(405, "method_not_allowed");
    assert_eq!(get.header("allow"), Some("POST"));
}

/// The account routes beside the product's own paths.
pub fn at_the_root(program: &Program) {
    every_route_answers_below(program, "/", "");
}

/// Two segments; the usual prefix is no prefix then.
pub fn below_a_deep_prefix(program: &Program) {
    every_route_answers_below(program, "/api/v1", "/api/v1");
    let folder = tempfile::tempdir().unwrap();
    let server = program.start(folder.path(), &production(&[("AUTH_PREFIX", Some("/api/v1"))]));
    assert_eq!(server.post("/auth/signin", &json!({})).status, 404);
    server.post("/api/v1/nothing", &json!({})).fails(404, "not_found");
}
