use std::env;
use std::path::PathBuf;

/// What the tests need, as their output calls it.
pub const BROWSER: &str = "browser (Chromium with chromedriver)";
/// The other thing that they need.
pub const AXE_CORE: &str = "axe-core";

/// Where CI puts it.
const AXE_SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/axe-core/package/axe.min.js");

/// Chromium and its driver, if both are on this machine.
#[must_use]
pub fn programs() -> Option<(PathBuf, PathBuf)> {
    let chromium = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(in_path)?;
    Some((chromium, in_path("chromedriver")?))
}

/// The script of axe-core, if it is on this machine.
#[must_use]
pub fn axe_core() -> Option<PathBuf> {
    Some(PathBuf::from(AXE_SCRIPT)).filter(|script| script.is_file())
}

fn in_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(program)).find(|file| file.is_file())
}

#[expect(clippy::print_stdout, reason = "a test that was not run must say so")]
pub(crate) fn not_run(what: &str) {
    println!("not run: {what} not found");
}
