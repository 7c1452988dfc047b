use std::str::FromStr;

use thiserror::Error;

/// Where the account routes are mounted (`AUTH_PREFIX`): `/`, or segments without a slash at the
/// end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(Box<str>);

/// The first segments of the product's own paths.
const TAKEN: [&str; 3] = ["app", "dev", "notes"];

impl Prefix {
    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the account routes lie at the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        &*self.0 == "/"
    }

    /// The path of a route below the prefix; `route` begins with a slash.
    #[must_use]
    pub fn join(&self, route: &str) -> String {
        format!("{}{route}", self.0.trim_end_matches('/'))
    }
}

impl Default for Prefix {
    fn default() -> Self {
        Self("/auth".into())
    }
}

impl FromStr for Prefix {
    type Err = PrefixFault;

    fn from_str(text: &str) -> Result<Self, PrefixFault> {
        let path = text.strip_prefix('/').ok_or(PrefixFault::NoPath)?;
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.is_empty() {
            return if text == "/" { Ok(Self(text.into())) } else { Err(PrefixFault::NoPath) };
        }
        if !path.split('/').all(is_segment) {
            return Err(PrefixFault::NoPath);
        }
        match path.split('/').next() {
            Some(first) if TAKEN.contains(&first) => Err(PrefixFault::Taken),
            _ => Ok(Self(format!("/{path}").into())),
        }
    }
}

/// Unreserved characters (RFC 3986 §2.3), so that no router reads a pattern in it.
fn is_segment(segment: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    !matches!(segment, "" | "." | "..") && segment.bytes().all(unreserved)
}

/// Why a text is no [`Prefix`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrefixFault {
    /// Not a plain absolute path.
    #[error("it is not a path")]
    NoPath,
    /// One of the product's own paths.
    #[error("/app, /dev and /notes are taken")]
    Taken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_kept_without_its_last_slash() {
        for (text, path) in [("/", "/"), ("/auth", "/auth"), ("/auth/", "/auth"), ("/api/v1.0", "/api/v1.0")] {
            assert_eq!(text.parse::<Prefix>().unwrap().as_str(), path);
        }
    }

    #[test]
    fn a_route_is_joined_with_one_slash() {
        let join = |prefix: &str| prefix.parse::<Prefix>().unwrap().join("/signin");
        assert_eq!((join("/"), join("/auth/")), ("/signin".to_owned(), "/auth/signin".to_owned()));
    }

    #[test]
    fn patterns_and_odd_paths_are_refused() {
        for text in ["", "auth", "//", "/a//b", "/a/../b", "/{id}", "/a b", "/*", "/%61", "/a?b", "//auth"] {
            assert_eq!(text.parse::<Prefix>(), Err(PrefixFault::NoPath), "{text:?}");
        }
    }

    #[test]
    fn the_paths_of_the_product_are_taken() {
        for text in ["/app", "/notes/auth", "/dev/"] {
            assert_eq!(text.parse::<Prefix>(), Err(PrefixFault::Taken), "{text:?}");
        }
    }
}
