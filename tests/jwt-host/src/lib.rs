//! No code: what this package is for lies in its tests.
//!
//! Cargo features unify over a build, so that a host may end up with both crypto features of
//! jsonwebtoken without wanting it. Being a member of the workspace, this package puts every test
//! of `cargo test --workspace` into that position. CI also builds each library crate alone, and
//! runs the tests of the tokens without any crypto feature.
