//! Every behaviour of the contract, told in actors and sentences; one module for each action.

mod signin;
mod signup;
