use std::error::Error;
use std::fmt;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, ConnectionAddr, IntoConnectionInfo as _, ProtocolVersion};

/// How long a connection may take to be made, and an answer to come.
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(5);
/// One more try at once; after that, whoever comes next tries.
const RETRIES: usize = 1;

/// Why Redis could not be reached. It never shows the URL, which may hold a password.
///
/// `Debug` prints what `Display` prints and the causes after it, so that
/// `fn main() -> Result<(), ConnectError>` is readable.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// Not the URL of a Redis.
    #[error("it is not the URL of a Redis; write for instance redis://:password@host:6379")]
    Url,
    /// A URL that asks for TLS: the feature `tls` of this crate is off.
    #[error("this program is built without TLS to Redis, for which rediss:// asks")]
    NotBuilt,
    /// It did not answer, or not as it should.
    #[error("Redis does not answer")]
    Redis(#[source] Box<dyn Error + Send + Sync>),
}

impl fmt::Debug for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// One connection for all verbs at once, which is made anew when it is lost.
pub(crate) async fn open(url: &str) -> Result<ConnectionManager, ConnectError> {
    if url.starts_with("rediss:") && !cfg!(feature = "tls") {
        return Err(ConnectError::NotBuilt);
    }
    let info = url.into_connection_info().map_err(|_| ConnectError::Url)?;
    if matches!(info.addr(), ConnectionAddr::TcpTls { insecure: true, .. }) {
        return Err(ConnectError::Url); // `#insecure` asks for TLS that proves nothing
    }
    // In this protocol a lost connection is noticed when it is lost, not at the next verb.
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let client = Client::open(info.set_redis_settings(settings)).map_err(refused)?;
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(ANSWER))
        .set_number_of_retries(RETRIES);
    ConnectionManager::new_with_config(client, config).await.map_err(refused)
}

fn refused(error: redis::RedisError) -> ConnectError {
    ConnectError::Redis(error.into())
}
