//! The table itself: how large it is, and that every snapshot has its case.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn snapshots(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { snapshots(&path) } else { vec![path] }).collect()
}

/// On how many transports and stores the case was told.
fn worlds(snapshot: &str) -> (usize, usize) {
    let description = snapshot.lines().find_map(|line| line.strip_prefix("description: ")).unwrap();
    let (transports, stores) = description.split_once(';').unwrap();
    (transports.split(',').count(), stores.split(',').count())
}

/// The source of the module whose case has its snapshot here.
fn source(snapshot: &Path) -> String {
    let module = snapshot.strip_prefix(format!("{HERE}/snapshots")).unwrap().parent().unwrap();
    let file = Path::new(HERE).join("tests/all").join(module);
    let candidates = [file.with_extension("rs"), file.join("mod.rs")];
    candidates.iter().filter_map(|path| fs::read_to_string(path).ok()).collect()
}

/// All codes of the contract.
const CODES: [&str; 20] = [
    "invalid_body",
    "invalid_field",
    "identity",
    "taken",
    "weak_password",
    "restore_token",
    "credentials",
    "token_missing",
    "token_invalid",
    "token_expired",
    "token_revoked",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "too_large",
    "media_type",
    "throttled",
    "busy",
    "unavailable",
    "internal",
];

#[test]
fn every_code_was_answered_and_no_other() {
    let all: String =
        snapshots(&Path::new(HERE).join("snapshots")).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let answered: BTreeSet<_> = all.split("\"code\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(answered, BTreeSet::from(CODES));
}

#[test]
#[expect(clippy::print_stdout, reason = "the size is what is asked for")]
fn every_snapshot_has_its_case_and_this_is_how_many_there_are() {
    let (mut cases, mut everywhere, mut told) = (0, 0, 0);
    for path in snapshots(&Path::new(HERE).join("snapshots")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(source(&path).contains(&format!("async fn {name}()")), "no case: {}", path.display());
        let (transports, stores) = worlds(&fs::read_to_string(&path).unwrap());
        cases += 1;
        everywhere += usize::from(transports == 3);
        told += transports * stores;
    }
    let hosted = cases - everywhere;
    println!("the table: {cases} cases, told {told} times");
    println!(
        "  {everywhere} x (core, axum, actix) x (memory, SQLite), {hosted} that need a host x (axum, actix) x (memory, SQLite)"
    );
}
