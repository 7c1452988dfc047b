//! The properties of a [`UserStore`].

mod conflicts;
mod credential;
mod dropped;
mod lookup;
mod restoring;
mod text;

pub use conflicts::*;
pub use credential::*;
pub use dropped::*;
pub use lookup::*;
pub use restoring::*;
pub use text::*;

use super::property::properties;
use crate::store::UserStore;

crate::__user_store_properties! { { properties } users: dyn UserStore; }
