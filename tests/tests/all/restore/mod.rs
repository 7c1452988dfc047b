//! `POST /restore`.

mod address;
mod link;
mod mail;
mod proof;
mod request;
mod token;
