//! Every account action, one file each, as functions on [`Auth`](crate::Auth).

mod attempt;
mod authenticate;
mod get_user;
mod legacy;
mod manage;
mod pace;
mod password;
mod refresh;
mod restore;
mod signin;
mod signout;
mod signup;
mod uncancelled;
mod validation;

pub use authenticate::Principal;
pub use refresh::Refreshed;
pub use signin::{Credentials, SignedIn};
pub use signup::{SignUp, SignedUp};
pub use validation::Valid;
