//! Settings: typed, set in code or read by their documented names, every fault reported at once.

mod choices;
mod conduct;
mod documented;
mod environment;
mod hashes;
mod limits;
mod mailing;
mod profile;
mod settings;
mod takeover;
mod validated;

pub use crate::fault::{ConfigError, Fault};
pub use documented::{DOCUMENTED, Documented};
pub use mailing::MailBackend;
pub use profile::{Profile, UnknownProfile};
pub use settings::{Settings, SignupIdentity};

pub(crate) use conduct::{Conduct, RestoreRequests};
pub(crate) use mailing::DeliveryChoice;
pub(crate) use takeover::{Legacy, Takeover};
pub(crate) use validated::Validated;
