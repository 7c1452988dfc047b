//! The recorded cases of the Python service, played on ours: each is answered the same, byte for
//! byte around the placeholders, or stands under a difference that says how it is answered here.

mod differences;
mod effects;
mod minted;
mod ordered;
mod page;
mod pattern;
mod recorded;
mod rows;
mod stage;
mod verdict;

use std::collections::BTreeSet;

use auth_tests::Transport;
use example_services::Service;

use crate::project::Project;
use differences::differences;
use recorded::Recorded;
use stage::Stage;
use verdict::Verdict;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/compatibility.md");
/// Set to `1`, it writes the page instead of comparing it.
const WRITE: &str = "AUTH_TESTS_WRITE_PAGES";

#[expect(clippy::print_stdout, reason = "the figures of the replay")]
async fn every_case_is_equal_or_listed_on(project: &Project, name: &str) {
    for transport in Transport::HTTP {
        let stage = Stage::open(project, transport).await;
        let (mut equal, mut listed, mut unlisted) = (0, 0, Vec::new());
        for case in &Recorded::data().cases {
            let played = stage.play(case).await;
            match played.map_or_else(Verdict::Unlisted, |played| Verdict::of(case, &played)) {
                Verdict::Equal => equal += 1,
                Verdict::Listed => listed += 1,
                Verdict::Unlisted(found) => unlisted.push(format!("{}\n{found}", case.name)),
            }
        }
        let here = format!("{} on {name}", transport.as_str());
        println!("replay, {here}: {equal} equal, {listed} listed, {} unlisted", unlisted.len());
        assert_eq!(unlisted.len(), 0, "{here}:\n{}", unlisted.join("\n"));
    }
}

#[tokio::test]
async fn every_recorded_case_is_equal_or_listed_on_sqlite() {
    every_case_is_equal_or_listed_on(&Project::on_sqlite().await, "SQLite").await;
}

#[tokio::test]
async fn every_recorded_case_is_equal_or_listed_on_postgresql() {
    if Service::Postgres.is_found_or_say_so() {
        every_case_is_equal_or_listed_on(&Project::on(Service::Postgres, "").await, "PostgreSQL").await;
    }
}

#[test]
fn each_case_stands_under_one_difference_at_most_and_each_name_is_a_case() {
    let recorded: BTreeSet<_> = Recorded::data().names().collect();
    let listed: Vec<_> = differences().iter().flat_map(differences::Difference::names).collect();
    let once: BTreeSet<_> = listed.iter().copied().collect();
    assert_eq!(once.len(), listed.len());
    assert_eq!(once.difference(&recorded).collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn the_keys_of_a_recorded_user_stand_in_the_recorded_order() {
    for case in &Recorded::data().cases {
        let Some(order) = case.effects.get("user_keys_in_order").and_then(|keys| keys.as_array()) else { continue };
        let user = case.response.body.get("user").unwrap();
        assert_eq!(order.iter().filter_map(|key| key.as_str()).collect::<Vec<_>>(), user.keys(), "{}", case.name);
    }
}

#[test]
fn the_page_of_compatibility_is_what_the_data_says() {
    if std::env::var(WRITE).is_ok_and(|value| value == "1") {
        std::fs::write(PAGE, page::compatibility()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(PAGE).unwrap(), page::compatibility(), "{WRITE}=1 writes it anew");
}
