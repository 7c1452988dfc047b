//! Settings: typed, set in code or read by their documented names, every fault reported at once.

mod documented;
mod environment;
mod limits;
mod mailing;
mod settings;
mod validated;

pub use crate::fault::{ConfigError, Fault};
pub use documented::{DOCUMENTED, Documented};
pub use mailing::MailBackend;
pub use settings::{Settings, SignupIdentity};

pub(crate) use mailing::DeliveryChoice;
pub(crate) use validated::Validated;
