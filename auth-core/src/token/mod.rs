//! The access token: a JWS in compact form (RFC 7515 §3.1) whose claims are those of RFC 7519.
//!
//! A [`KeyRing`] mints and verifies. It holds one signing key and any number of keys that only
//! verify, all of one [`Algorithm`]; what a token says about its own algorithm decides nothing.
//!
//! ```
//! use std::time::Duration;
//! use auth_core::Timestamp;
//! use auth_core::account::{Epoch, UserId};
//! use auth_core::session::{SessionId, TokenId};
//! use auth_core::token::{Algorithm, Claims, Expiry, KeyMaterial, KeyRing, Rules};
//!
//! let secret = KeyMaterial::secret("Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUE");
//! let ring = KeyRing::new(Algorithm::Hs256, &secret, &[]).expect("a good secret");
//! let now = Timestamp::from_unix_seconds(1_700_000_000);
//! let token = ring.mint(&Claims {
//!     role: None,
//!     user: UserId::from(42),
//!     session: SessionId::stored("s"),
//!     generation: 0,
//!     epoch: Epoch::stored("e"),
//!     jti: TokenId::stored("j"),
//!     issued_at: now,
//!     expires_at: now + Duration::from_secs(900),
//!     issuer: None,
//!     audience: None,
//! })?;
//! let rules = Rules {
//!     now,
//!     leeway: Duration::ZERO,
//!     issuer: None,
//!     audience: None,
//!     max_life: Duration::from_secs(3_600),
//!     expiry: Expiry::Enforce,
//! };
//! assert_eq!(ring.verify(token.expose(), &rules).map(|claims| claims.user.as_i64()), Ok(Some(42)));
//! # Ok::<(), auth_core::token::SigningError>(())
//! ```

mod access_token;
mod algorithm;
#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
mod asymmetric;
mod claims;
mod compact;
mod fault;
mod flat;
mod header;
mod hmac;
mod json;
mod key;
mod keyring;
mod legacy;
mod material;
mod member;
mod mint;
mod read;
mod secret;
mod verify;

pub use access_token::AccessToken;
pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use claims::{Claims, VerifiedClaims};
pub use fault::{SigningError, TokenFault};
pub use keyring::KeyRing;
pub use material::KeyMaterial;
pub use verify::{Expiry, Rules};

pub(crate) use legacy::LegacyClaims;
