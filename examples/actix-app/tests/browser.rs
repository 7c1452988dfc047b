//! The pages, used in a real browser.

example_browser::browser_tests!(env!("CARGO_BIN_EXE_actix-app"));
