//! Connections and processes that must end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::json;

use super::load::{Crowd, Dice};
use super::mailbox;
use super::program::{PRODUCTION, Program, production};
use super::remains;

/// Each has one request in flight, nearly all the time.
const PEOPLE: usize = 32;

/// This one test waits: the ten seconds after which a request must be complete are fixed in the
/// program. Head and body wait side by side. The connection has to end, within the patience of the
/// reader and whatever its last words are, as long as they are no success.
pub fn a_slow_head_or_body_ends_the_connection(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let server = program.start(folder.path(), PRODUCTION);
    let body =
        "POST /auth/signin HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
    scope(|scope| {
        for start in ["", "POST /auth/signin HTTP/1.1\r\nhost: x\r\nx-slow: ", body] {
            let stream = server.connect();
            scope.spawn(move || trickles_until_the_end(stream, start));
        }
    });
    assert!(server.terminate().status.success());
}

/// Sends a character now and then, so that the connection is never idle for long.
fn trickles_until_the_end(mut stream: TcpStream, start: &str) {
    stream.write_all(start.as_bytes()).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let trickle = !start.is_empty();
    let writing = std::thread::spawn(move || {
        for _ in 0..60 {
            sleep(Duration::from_millis(500));
            if trickle && writer.write_all(b"x").is_err() {
                return;
            }
            if !trickle {
                return;
            }
        }
    });
    let mut answer = Vec::new();
    // A reset ends the connection as well as an orderly close; a time-out of the reader does not.
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{start:?}");
    }
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{start:?}");
    writing.join().unwrap();
}

/// The mail of the last request is not lost.
pub fn sigterm_sends_what_is_in_the_outbox_and_exits_with_zero(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let server = program.start(folder.path(), PRODUCTION);
    let idle = server.connect();
    let account = json!({"email": "ann@x.example", "password": "correct horse battery"});
    server.post("/auth/signup", &account).success();
    server.post("/auth/restore", &json!({"email": "ann@x.example"})).success();
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    assert_eq!(ended.stdout, "", "nothing but the address is printed");
    assert_eq!(mailbox::mails(folder.path()).len(), 1);
    drop(idle);
}

/// Everybody who had asked is answered, and what was promised is kept: mails that the outbox still
/// holds are sent by the next start. The one sleep is the moment at which the operator stops it.
#[expect(clippy::print_stdout, reason = "the numbers are what is asked for")]
pub fn sigterm_under_load_loses_nothing(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let vars = production(&[("TRUSTED_PROXIES", Some("1")), ("AUTH_LIMITS", Some("off"))]);
    let server = program.start(folder.path(), &vars);
    let mut crowd = Crowd::new(folder.path(), PEOPLE, &mut Dice::new(1));
    let ended = crowd.acts(&server, |enough| {
        sleep(Duration::from_millis(1_500));
        enough.store(true, Ordering::SeqCst);
        server.signal("TERM");
    });
    let exit = server.end();
    let kept = remains::waiting(folder.path());
    let sent = mailbox::files(folder.path()).len();

    let server = program.start(folder.path(), &vars);
    mailbox::eventually(|| (remains::waiting(folder.path()) == 0).then_some(()));
    let mut found = crowd.check(&server);
    mailbox::eventually(|| (remains::waiting(folder.path()) == 0).then_some(()));
    found.add(crowd.check_mail());
    println!(
        "SIGTERM: {} requests answered before; in flight {}, answered {}, lost {}; exit {:?}; mails sent {sent}, kept \
         {kept}; acknowledged {}, found {}, lost {}",
        ended.answered - ended.answered_last,
        ended.answered_last + ended.lost,
        ended.answered_last,
        ended.lost,
        exit.status.code(),
        found.acknowledged.total(),
        found.there,
        found.lost.len(),
    );
    assert_eq!((exit.status.code(), ended.lost), (Some(0), 0), "{}", exit.stderr);
    assert_eq!(found.lost, Vec::<String>::new());
}
