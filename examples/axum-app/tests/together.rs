//! This program and the one of actix-web, on one PostgreSQL and one Redis.

example_driver::pair_tests!(env!("CARGO_BIN_EXE_axum-app"), "actix-app");
