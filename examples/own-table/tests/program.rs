//! The program, started as the guide says.

#![expect(clippy::unwrap_used, reason = "what does not hold is a panic that says so")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_own-table"));
    command.current_dir(folder).env_clear().env("BIND_ADDR", "127.0.0.1:0");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A server that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn to_try_it_no_setting_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running(program(folder.path()).arg("--try").stderr(Stdio::null()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut stream = TcpStream::connect(line.trim_end().strip_prefix("Listening on http://").unwrap()).unwrap();

    let body = r#"{"username": "ann", "password": "a tree house in the rain"}"#;
    let length = body.len();
    write!(
        stream,
        "POST /auth/signup HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(r#""id":"1","username":"ann""#), "{answer}");
}

#[test]
fn otherwise_every_missing_setting_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path()).output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    for setting in ["JWT_SECRET", "EMAIL_ENCRYPT_KEY", "PATH_TO_RESTORE"] {
        assert!(told.contains(setting), "{told}");
    }
}
