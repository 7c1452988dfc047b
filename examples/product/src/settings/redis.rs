use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Where several servers count attempts together (`REDIS_URL`).
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(String);

impl RedisUrl {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for RedisUrl {
    type Err = RedisUrlFault;

    fn from_str(url: &str) -> Result<Self, RedisUrlFault> {
        match url.split_once("://") {
            Some(("redis" | "rediss", host)) if !host.is_empty() => Ok(Self(url.to_owned())),
            _ => Err(RedisUrlFault),
        }
    }
}

/// Not shown: it may hold a password.
impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisUrl(..)")
    }
}

/// A text that is no [`RedisUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is not the URL of a Redis")]
pub struct RedisUrlFault;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_redis_is_taken_and_not_shown() {
        for url in ["redis://:hunter2@localhost:6379/1", "rediss://cache.example"] {
            let redis: RedisUrl = url.parse().unwrap();
            assert_eq!((redis.expose(), format!("{redis:?}")), (url, "RedisUrl(..)".to_owned()));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for url in ["redis", "redis:", "redis://", "http://localhost", "localhost:6379"] {
            assert_eq!(url.parse::<RedisUrl>(), Err(RedisUrlFault), "{url}");
        }
    }
}
