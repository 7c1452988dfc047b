//! Many people at once: who did what, and what was acknowledged to them.

mod crowd;
mod dice;
mod person;
mod postbox;

pub(super) use crowd::Crowd;
pub(super) use dice::Dice;
use person::Person;
pub(super) use person::{Acknowledged, Found};
use postbox::Postbox;
