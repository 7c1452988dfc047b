//! The program, driven from outside.

auth_tests::example_tests!(env!("CARGO_BIN_EXE_axum-app"));
