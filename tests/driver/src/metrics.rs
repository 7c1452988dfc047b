//! What an operator counts.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::json;

use super::program::{Program, production};

/// A port of this machine that nobody listens on just now.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn numbers(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// They are there, they count, and they name nobody.
pub fn what_people_do_is_counted_and_who_they_are_is_not(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let server = program.start(folder.path(), &production(&[("METRICS_ADDR", Some(&address))]));
    let ann = json!({"username": "ann-of-metrics", "password": "a long wooden boat"});
    assert_eq!(server.post("/auth/signup", &ann).status, 200);
    assert_eq!(server.post("/auth/signin", &ann).status, 200);
    let wrong = json!({"username": "ann-of-metrics", "password": "a short wooden boat"});
    assert_eq!(server.post("/auth/signin", &wrong).status, 401);
    assert_eq!(server.get("/metrics").status, 404, "not where the product is served");
    let numbers = numbers(&address);
    for line in [
        "# TYPE auth_actions_total counter",
        r#"auth_actions_total{action="signup",outcome="done"} 1"#,
        r#"auth_actions_total{action="signin",outcome="done"} 1"#,
        r#"auth_actions_total{action="signin",outcome="wrong_password"} 1"#,
        r#"auth_action_duration_seconds_count{action="signin"} 2"#,
        r#"auth_hash_duration_seconds_count{purpose="signin"} 2"#,
        r#"auth_hash_jobs{state="running"} 0"#,
        "# HELP auth_hash_work_seconds Work that the hashing pool holds",
    ] {
        assert!(numbers.contains(line), "{line}\n{numbers}");
    }
    for nobody in ["ann-of-metrics", "boat", "127.0.0.1:"] {
        let body = numbers.split_once("\r\n\r\n").unwrap().1;
        assert!(!body.contains(nobody), "{nobody}\n{body}");
    }
    assert!(server.terminate().status.success());
}
