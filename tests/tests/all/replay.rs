use std::collections::BTreeSet;

use auth_tests::replay::{Recorded, compatibility, differences, replay};
use auth_tests::services::Service;
use auth_tests::{StoreKind, Transport};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/compatibility.md");
/// Set to `1`, it writes the page instead of comparing it.
const WRITE: &str = "AUTH_TESTS_WRITE_PAGES";

#[expect(clippy::print_stdout, reason = "the figures of the replay")]
async fn every_case_is_equal_or_listed_on(store: StoreKind) {
    for transport in Transport::HTTP {
        let report = replay(store, transport).await;
        let (here, unlisted) = (format!("{} on {}", transport.as_str(), store.as_str()), &report.unlisted);
        println!("replay, {here}: {} equal, {} listed, {} unlisted", report.equal, report.listed, unlisted.len());
        assert_eq!(unlisted.len(), 0, "{here}:\n{}", unlisted.join("\n"));
    }
}

#[tokio::test]
async fn every_recorded_case_is_equal_or_listed_on_sqlite() {
    every_case_is_equal_or_listed_on(StoreKind::Sqlite).await;
}

#[tokio::test]
async fn every_recorded_case_is_equal_or_listed_on_postgresql() {
    if Service::Postgres.is_found_or_say_so() {
        every_case_is_equal_or_listed_on(StoreKind::Postgres).await;
    }
}

#[test]
fn each_case_stands_under_one_difference_at_most_and_each_name_is_a_case() {
    let recorded: BTreeSet<_> = Recorded::data().names().collect();
    let listed: Vec<_> = differences().iter().flat_map(|difference| difference.names()).collect();
    let once: BTreeSet<_> = listed.iter().copied().collect();
    assert_eq!(once.len(), listed.len());
    assert_eq!(once.difference(&recorded).collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn the_page_of_compatibility_is_what_the_data_says() {
    if std::env::var(WRITE).is_ok_and(|value| value == "1") {
        std::fs::write(PAGE, compatibility()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(PAGE).unwrap(), compatibility(), "{WRITE}=1 writes it anew");
}
