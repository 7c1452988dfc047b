use std::env;
use std::path::{Path, PathBuf};

/// Names a file `axe.min.js` that lies elsewhere than where CI puts it.
pub const AXE_CORE: &str = "AXE_CORE";

/// Chromium and its driver, if both are on this machine.
#[must_use]
pub fn programs() -> Option<(PathBuf, PathBuf)> {
    let chromium = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(in_path)?;
    Some((chromium, in_path("chromedriver")?))
}

/// The script of axe-core, if it is on this machine.
#[must_use]
pub fn axe_core() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/axe-core/package/axe.min.js");
    Some(env::var_os(AXE_CORE).map_or(installed, PathBuf::from)).filter(|script| script.is_file())
}

fn in_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(program)).find(|file| file.is_file())
}

#[expect(clippy::print_stdout, reason = "a test that was not run must say so")]
pub(crate) fn not_run(what: &str) {
    println!("not run: {what} not found");
}
