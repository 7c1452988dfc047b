//! The settings of the example servers, beside those of the library.

mod database;
mod django;
mod documented;
mod prefix;
mod redis;
mod server;
mod vars;

pub use database::{Database, DatabaseFault};
pub use django::DjangoSettings;
pub use documented::{DOCUMENTED, Documented};
pub use prefix::{Prefix, PrefixFault};
pub use redis::{RedisUrl, RedisUrlFault};
pub use server::{Mode, ServerSettings};
pub use vars::Vars;
