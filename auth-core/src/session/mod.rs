//! What a session is, and the rules by which its token is replaced.

mod record;
mod rotation;

pub(crate) use record::{Forerunner, Lifetimes};
pub use record::{NewSession, Session, SessionId, Successor, TokenId};
pub use rotation::{Presented, Rotation, RotationPolicy, Verdict, judge};
