//! What an account is: its names, its address, its record.

mod canonical;
mod email;
mod epoch;
mod login;
mod name_rule;
mod user;
mod user_id;
mod username;

pub use email::{CanonicalEmail, EmailAddress, EmailFault};
pub use epoch::Epoch;
pub use login::Login;
pub use name_rule::NameRule;
pub use user::{NewUser, PublicUser, User};
pub use user_id::UserId;
pub use username::{Username, UsernameFault};
