mod claims;
mod client;
mod user;

pub use claims::AuthClaims;
pub use client::ClientInfo;
pub use user::{CurrentUser, MaybeUser};
