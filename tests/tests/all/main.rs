//! Every behaviour of the contract, told in actors and sentences; one module for each action.

mod get_user;
mod host;
mod http;
mod manage;
mod properties;
mod races;
mod refresh;
mod restore;
mod signin;
mod signout;
mod signup;
mod smtp;
mod table;
mod validation;
