//! The same bytes from both frameworks.

use std::fmt::Write as _;

use serde_json::json;

use super::http::Answer;
use super::program::{PRODUCTION, Program, Running};

/// Status, headers and body of many requests, against one snapshot for both programs.
pub fn answers_the_same_bytes_as_the_other_framework(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let server = program.start(folder.path(), PRODUCTION);
    insta::assert_snapshot!("answers", transcript(&server));
}

fn transcript(server: &Running) -> String {
    let mut told = Transcript::default();
    let password = "correct horse battery";
    let ann = json!({"username": "ann", "password": password});
    told.add("sign-up", &server.post("/auth/signup", &ann));
    told.add("sign-up again", &server.post("/auth/signup", &ann));
    told.add(
        "sign-up by address",
        &server.post("/auth/signup", &json!({"email": "b@x.example", "password": password})),
    );
    told.add(
        "sign-up by both",
        &server.post("/auth/signup", &json!({"username": "c", "email": "c@x.example", "password": password})),
    );
    told.add("weak password", &server.post("/auth/signup", &json!({"username": "c", "password": "password1"})));
    told.add("wrong password", &server.post("/auth/signin", &json!({"username": "ann", "password": "x"})));
    let signed_in = server.post("/auth/signin", &ann);
    let token = signed_in.token();
    told.add("sign-in", &signed_in);
    told.add("validation", &server.post("/auth/validation", &json!({"token": token})));
    told.add("get_user", &server.post("/auth/get_user/", &json!({"token": token})));
    told.add("get_user by header", &server.bearing(&token, "POST", "/auth/get_user", ""));
    told.add("a bad token", &server.bearing("x.y.z", "POST", "/auth/refresh", ""));
    told.add("no token", &server.post("/auth/refresh", &json!({})));
    told.add("restore", &server.post("/auth/restore", &json!({"email": "b@x.example"})));
    told.add(
        "a bad restoring token",
        &server.post("/auth/restore", &json!({"token": "x", "new_password": "long enough to do"})),
    );
    requests_that_are_none(server, &mut told);
    notes(server, &token, &mut told);
    told.add("sign-out", &server.bearing(&token, "POST", "/auth/signout", ""));
    told.add("after sign-out", &server.bearing(&token, "POST", "/auth/get_user", ""));
    told.0
}

fn requests_that_are_none(server: &Running, told: &mut Transcript) {
    let typed = |kind: &str, body: &str| server.request("POST", "/auth/signin", &[("content-type", kind)], body);
    told.add("no JSON", &typed("application/json", "{"));
    told.add("duplicate keys", &typed("application/json", r#"{"username":"a","username":"b","password":"c"}"#));
    told.add("a list", &typed("application/json", "[]"));
    told.add("another media type", &typed("text/plain", "{}"));
    told.add("another charset", &typed("application/json; charset=latin1", "{}"));
    told.add("no media type", &server.request("POST", "/auth/signin", &[], "{}"));
    told.add("too large", &typed("application/json", &"x".repeat(16 * 1024 + 1)));
    told.add("a route with GET", &server.get("/auth/signin"));
    told.add("a route with HEAD", &server.request("HEAD", "/auth/signin", &[], ""));
    told.add("no route", &server.post("/auth/nothing", &json!({})));
    told.add("the prefix itself", &server.get("/auth"));
    told.add("an encoded path", &server.post("/auth/sign%69n", &json!({})));
    told.add("a doubled slash", &server.post("/auth//signin", &json!({})));
    told.add("a dot in the path", &server.post("/auth/./signin", &json!({})));
    told.add("two slashes at the end", &server.post("/auth/signin//", &json!({})));
    told.add("a path in capitals", &server.post("/auth/SIGNIN", &json!({})));
    told.add("a query", &server.post("/auth/signin?token=x", &json!({})));
    told.add("a method of nobody's", &server.request("BREW", "/auth/signin", &[], ""));
    told.add("OPTIONS", &server.request("OPTIONS", "/auth/signin", &[("origin", "https://x.example")], ""));
    told.add("an escape that is none", &server.post("/auth/signin%zz", &json!({})));
    told.add("the product's own 404", &server.get("/nothing"));
    told.add("the first page", &server.get("/"));
    let chunked = [("transfer-encoding", "chunked"), ("content-type", "application/json")];
    told.add("a body in chunks", &server.request("POST", "/auth/signin", &chunked, "2\r\n{}\r\n0\r\n\r\n"));
    let twice = [("authorization", "Bearer a"), ("authorization", "Bearer b")];
    told.add("two tokens", &server.request("POST", "/auth/refresh", &twice, ""));
    told.add("another scheme", &server.request("POST", "/auth/refresh", &[("authorization", "Basic YTpi")], ""));
}

fn notes(server: &Running, token: &str, told: &mut Transcript) {
    told.add("notes without a token", &server.get("/notes"));
    told.add("notes", &server.bearing(token, "GET", "/notes", ""));
    let note = server.bearing(token, "POST", "/notes", r#"{"title":"Milk","body":"and eggs"}"#);
    let path = format!("/notes/{}", note.success()["note"]["id"].as_str().unwrap());
    told.add("a note", &note);
    told.add("a note without a title", &server.bearing(token, "POST", "/notes", "{}"));
    told.add("a note too large", &server.bearing(token, "POST", "/notes", &"x".repeat(16 * 1024 + 1)));
    told.add("the note", &server.bearing(token, "GET", &path, ""));
    told.add("the note with PUT", &server.bearing(token, "PUT", &path, "{}"));
    told.add("the note deleted", &server.bearing(token, "DELETE", &path, ""));
    told.add("no note", &server.bearing(token, "GET", &path, ""));
}

#[derive(Default)]
struct Transcript(String);

impl Transcript {
    fn add(&mut self, title: &str, answer: &Answer) {
        let mut headers: Vec<_> = answer.headers.iter().filter(|(name, _)| name != "date").collect();
        headers.sort();
        writeln!(self.0, "## {title}\n{}", answer.status).unwrap();
        for (name, value) in headers {
            writeln!(self.0, "{name}: {value}").unwrap();
        }
        writeln!(self.0, "\n{}\n", steady(&answer.body)).unwrap();
    }
}

/// Puts a name in place of what differs from run to run.
fn steady(body: &str) -> String {
    let mut words = String::new();
    for word in body.split_inclusive('"') {
        let (text, quote) = word.strip_suffix('"').map_or((word, ""), |text| (text, "\""));
        words.push_str(&steady_word(text));
        words.push_str(quote);
    }
    words
}

fn steady_word(text: &str) -> String {
    let is_date = |text: &str| text.len() == 20 && text.starts_with("20") && text.ends_with('Z');
    if text.starts_with("eyJ") && text.matches('.').count() == 2 {
        return "[token]".to_owned();
    }
    if is_date(text) {
        return "[date]".to_owned();
    }
    if let Some((rest, last)) = text.rsplit_once(' ')
        && is_date(last)
    {
        return format!("{rest} [date]");
    }
    let is_uuid = text.len() == 36 && text.matches('-').count() == 4;
    let is_note = text.len() == 22 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_uuid || is_note { "[id]".to_owned() } else { text.to_owned() }
}
