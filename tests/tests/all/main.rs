//! The tests of the whole house in one program.

mod smtp;
