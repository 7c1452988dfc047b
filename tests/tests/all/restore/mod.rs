//! `POST /restore`.

mod link;
mod mail;
mod proof;
mod request;
mod token;
