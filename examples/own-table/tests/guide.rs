//! The guide shows what is here.

#![expect(clippy::unwrap_used, reason = "what does not hold is a panic that says so")]

use std::fs;
use std::path::Path;

const GUIDE: &str = include_str!("../../../docs/own-table.md");

/// The Rust and the SQL of the guide.
fn blocks() -> impl Iterator<Item = &'static str> {
    let fenced = GUIDE.split("\n```").skip(1).step_by(2);
    fenced.filter_map(|block| block.strip_prefix("rust\n").or_else(|| block.strip_prefix("sql\n")))
}

fn files() -> Vec<String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["src", "tests", "migrations"].map(|folder| fs::read_dir(package.join(folder)).unwrap());
    folders.into_iter().flatten().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn every_block_of_the_guide_stands_in_the_example() {
    let files = files();
    assert!(blocks().count() > 10);
    for block in blocks() {
        assert!(files.iter().any(|file| file.contains(block)), "the example has not:\n{block}");
    }
}

#[test]
fn the_store_has_less_than_200_lines_as_the_guide_says() {
    let lines = include_str!("../src/members.rs").lines().count();
    assert!(lines < 200, "{lines} lines");
    assert!(GUIDE.contains("less than 200 lines"));
}
