//! The program, driven from outside.

example_driver::example_tests!(env!("CARGO_BIN_EXE_actix-app"));
