//! Mail: what is written, and how it is sent.
//!
//! [`Templates`] make a [`Mail`] of a [`Message`]; a [`Mailer`] sends it, to one recipient.

mod compose;
mod console;
mod file;
mod link;
mod mailer;
mod memory;
mod message;
mod sender;
#[cfg(feature = "smtp")]
mod smtp;
mod smtp_settings;
mod template_name;
mod templates;

pub use console::ConsoleMailer;
pub use file::FileMailer;
pub(crate) use link::LinkForm;
pub use link::{Link, RestoreUrl, RestoreUrlFault};
pub use mailer::{MailError, Mailer};
pub use memory::MemoryMailer;
pub use message::{Mail, MessageId, Rendered};
pub use sender::{Sender, SenderFault};
#[cfg(feature = "smtp")]
pub use smtp::SmtpMailer;
pub use smtp_settings::{SmtpPassword, SmtpSecurity, SmtpSettings};
pub use template_name::{MessageKind, Part, TemplateName, UnknownTemplate};
pub use templates::{Message, TemplateError, Templates};
