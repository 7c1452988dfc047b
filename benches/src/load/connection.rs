use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Request;
use crate::Result;

/// A kept connection with one request on it at a time.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(4096) })
    }

    /// Sends one request and reads its answer to the end; gives the status.
    ///
    /// # Errors
    /// When the connection ends, or the answer is not of the plain kind that is read here.
    pub async fn exchange(&mut self, request: &Request) -> Result<u16> {
        self.stream.write_all(request.bytes()).await?;
        self.read.clear();
        loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err("the server closed a connection".into());
            }
            if let Some(status) = status_of_whole(&self.read)? {
                return Ok(status);
            }
        }
    }

    /// The last answer, head and body.
    #[must_use]
    pub fn answer(&self) -> String {
        String::from_utf8_lossy(&self.read).into_owned()
    }
}

/// The status of an answer, once all of it is there.
pub(super) fn status_of_whole(read: &[u8]) -> Result<Option<u16>> {
    let Some(end) = end_of_head(read) else { return Ok(None) };
    if read.len() < end + content_length(read.get(..end).unwrap_or_default())? {
        return Ok(None);
    }
    let status = read.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    Ok(Some(status.ok_or("no status")?.parse()?))
}

fn end_of_head(read: &[u8]) -> Option<usize> {
    read.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn content_length(head: &[u8]) -> Result<usize> {
    const NAME: &[u8] = b"content-length: ";
    let lines = head.split(|byte| *byte == b'\n');
    let mut values = lines.filter_map(|line| line.split_at_checked(NAME.len()));
    let (_, value) = values.find(|(name, _)| name.eq_ignore_ascii_case(NAME)).ok_or("an answer without a length")?;
    Ok(std::str::from_utf8(value)?.trim().parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_found_in_any_case() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: a\r\nContent-Length: 12\r\n\r\n";
        assert_eq!(content_length(head).unwrap(), 12);
        assert!(content_length(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert_eq!(end_of_head(head), Some(head.len()));
    }

    #[test]
    fn an_answer_has_a_status_once_all_of_it_is_there() {
        let answer = b"HTTP/1.1 503 Busy\r\ncontent-length: 2\r\n\r\n{}";
        for end in 0..answer.len() {
            assert_eq!(status_of_whole(&answer[..end]).unwrap(), None, "{end}");
        }
        assert_eq!(status_of_whole(answer).unwrap(), Some(503));
    }
}
