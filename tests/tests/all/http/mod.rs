//! What holds for every route: bodies, media types, headers, paths and methods, and faults of ours.

mod authorization;
mod body;
mod faults;
mod hooks;
mod media_type;
mod mount;
mod size;
