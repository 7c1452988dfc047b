use std::future::Future;
use std::pin::Pin;

mod claims;
mod client;
mod user;

pub use claims::AuthClaims;
pub use client::ClientInfo;
pub use user::{CurrentUser, MaybeUser};

/// What an extractor that asks a store gives back.
type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, crate::AuthRejection>>>>;
