use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::answer::Answer;
use crate::request::Request;

/// A server that waits for ever fails a test; it does not hang one.
const PATIENCE: Duration = Duration::from_secs(30);

/// One request on a connection of its own, sent as it stands: nothing is added, joined or mended.
pub(super) async fn send(address: SocketAddr, request: &Request) -> Answer {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let (reading, writing) = stream.split();
    let both = async { tokio::join!(write(writing, request.pieces(&address.to_string())), read(reading, request)) };
    let answered = tokio::time::timeout(PATIENCE, both).await;
    let ((), answer) =
        answered.unwrap_or_else(|_| panic!("no answer in time to {} {}", request.method, request.target));
    answer
}

/// Sends a whole request and resets the connection before an answer can come.
pub(super) async fn hang_up(address: SocketAddr, request: &Request) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    write(&mut stream, request.pieces(&address.to_string())).await;
    stream.set_zero_linger().expect("a socket that can be reset");
}

/// A server may answer and hang up before it has read all of a body.
async fn write(mut connection: impl AsyncWrite + Unpin, pieces: Vec<Vec<u8>>) {
    for piece in pieces {
        if connection.write_all(&piece).await.is_err() {
            return;
        }
    }
}

async fn read(mut connection: impl AsyncRead + Unpin, request: &Request) -> Answer {
    let mut received = Vec::new();
    let head_end = loop {
        if let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        let read = connection.read_buf(&mut received).await.unwrap_or(0);
        assert_ne!(read, 0, "no answer to {} {}", request.method, request.target);
    };
    let mut body = received.split_off(head_end);
    let (status, headers) = parse_head(&received);
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.map_or(0, |(_, value)| value.parse().expect("a length"));
    while request.method != "HEAD" && body.len() < length {
        let read = connection.read_buf(&mut body).await.unwrap_or(0);
        assert_ne!(read, 0, "half an answer to {} {}", request.method, request.target);
    }
    Answer::new(status, headers, body)
}

fn parse_head(head: &[u8]) -> (u16, Vec<(String, String)>) {
    let head = std::str::from_utf8(head).expect("a head in ASCII");
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").expect("a header");
        (name.to_owned(), value.to_owned())
    };
    (status.expect("a status line"), lines.map(header).collect())
}
