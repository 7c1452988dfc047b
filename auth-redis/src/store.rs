use std::fmt;
use std::time::Duration;

use auth_core::store::StoreError;
use auth_core::throttle::AttemptKey;
use redis::aio::ConnectionManager;
use redis::{FromRedisValue, RedisError, ScriptInvocation};
use tokio::time::timeout;

use crate::connect::{self, ConnectError};
use crate::error::store_error;
use crate::eviction;

/// How long a verb may take: 3 seconds for a connection and 5 for the answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// Counts of attempts in Redis. Clones share one connection, which is made anew when it is lost.
///
/// Each verb is one script, which Redis runs as one step. It waits at most 3 seconds for a
/// connection and 5 for an answer; after that it is
/// [`StoreError::Unavailable`](auth_core::store::StoreError), as is a Redis that is loading, full or
/// no primary. A key goes by itself a minute after nothing of it counts any more.
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    pub(crate) prefix: Box<str>,
}

impl RedisStore {
    /// Connects to the Redis of this URL, `redis://user:password@host:6379/0`; with the feature `tls`
    /// also `rediss://`, whose certificate is checked. Warns where Redis says that its
    /// `maxmemory-policy` lets it evict keys.
    ///
    /// # Errors
    /// A [`ConnectError`] that says what is wrong, without the URL.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let connection = connect::open(url).await?;
        eviction::warn_of_it(connection.clone()).await;
        Ok(Self { connection, prefix: "auth".into() })
    }

    /// Begins every key with this instead of `auth`: where several services share a Redis.
    #[must_use]
    pub fn prefix(self, prefix: &str) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// The set of all counters, by the moment from which on they mean nothing. The braces keep it and
    /// them in one slot of a cluster.
    pub(crate) fn index(&self) -> String {
        format!("{{{}}}:attempts", self.prefix)
    }

    pub(crate) fn key(&self, key: AttemptKey) -> String {
        format!("{{{}}}:attempt:{}", self.prefix, key.to_text())
    }

    /// Runs a script once.
    pub(crate) async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, StoreError> {
        timeout(PATIENCE, self.invoke(script)).await.map_err(StoreError::unavailable)?.map_err(store_error)
    }

    /// Runs a script, and once more where the connection was lost. If it had run, it then runs twice.
    pub(crate) async fn run_again<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, StoreError> {
        let run = async {
            match self.invoke(script).await {
                Err(error) if error.is_unrecoverable_error() && !error.is_timeout() => self.invoke(script).await,
                ended => ended,
            }
        };
        timeout(PATIENCE, run).await.map_err(StoreError::unavailable)?.map_err(store_error)
    }

    async fn invoke<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, RedisError> {
        script.invoke_async(&mut self.connection.clone()).await
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisStore(..)")
    }
}
