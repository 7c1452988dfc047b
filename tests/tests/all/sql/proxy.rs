use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What lies between a store and its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Open,
    /// Nothing arrives, and nobody is told.
    Stalled,
    /// Every connection ends, and no new one begins.
    Cut,
    /// A connection ends where the store says this; the server does not hear it.
    CutBefore(&'static str),
    /// A connection ends when the server has answered to this; the store does not hear it.
    CutAfter(&'static str),
}

impl Line {
    /// What it does, in a report.
    pub(super) fn as_fault(self) -> String {
        let named = |word: &'static str| if word == "COMMIT" { word } else { "the write of the hash" };
        match self {
            Self::CutBefore(word) => format!("the line is cut before {}", named(word)),
            Self::CutAfter(word) => format!("the line is cut after {}, before its answer", named(word)),
            other => format!("{other:?}"),
        }
    }
}

/// A line that can be tampered with.
pub(super) struct Proxy {
    pub(super) port: u16,
    line: watch::Sender<Line>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// In front of a server on this machine.
    pub(super) async fn to(server: String) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (line, state) = watch::channel(Line::Open);
        let accepting = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(carry(client, server.clone(), state.clone()));
            }
        });
        Self { port, line, accepting }
    }

    pub(super) fn set(&self, line: Line) {
        self.line.send_replace(line);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(client: TcpStream, server: String, mut line: watch::Receiver<Line>) {
    if *line.borrow() == Line::Cut {
        return;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = TcpStream::connect(server).await.unwrap().into_split();
    let (heard, is_heard) = watch::channel(false);
    let cut = line.clone();
    select! {
        () = questions(from_client, to_server, line.clone(), heard) => {}
        () = answers(from_server, to_client, cut, is_heard) => {}
        _ = line.wait_for(|line| *line == Line::Cut) => {}
    }
}

async fn questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut line: watch::Receiver<Line>,
    heard: watch::Sender<bool>,
) {
    let mut buffer = [0; 16_384];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let said = &buffer[..length];
        let says = |word: &str| said.windows(word.len()).any(|part| part == word.as_bytes());
        let now = *line.wait_for(|line| *line != Line::Stalled).await.unwrap();
        match now {
            Line::CutBefore(word) if says(word) => return,
            Line::CutAfter(word) if says(word) => heard.send_replace(true),
            _ => false,
        };
        if to.write_all(said).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut line: watch::Receiver<Line>,
    heard: watch::Receiver<bool>,
) {
    let mut buffer = [0; 16_384];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        line.wait_for(|line| *line != Line::Stalled).await.unwrap();
        if *heard.borrow() || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
