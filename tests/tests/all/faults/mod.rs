//! What the world around a server does to it: its clock jumps, its disk fills, its random source
//! dries up, and its clients ask for everything three times.

mod clock;
mod disk;
mod entropy;
mod repeats;
mod table;

pub(crate) use table::{row, row_on};
