//! Holds the documentation and the code equal.

use std::collections::BTreeSet;

use crate::config::DOCUMENTED;
use crate::http::Route;

const SETTINGS: &str = include_str!("../../docs/settings.md");
const ERRORS: &str = include_str!("../../docs/errors.md");
const README: &str = include_str!("../../README.md");

/// The cells of the table rows below a heading, without back-quotes.
fn table<'a>(page: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect()).collect()
}

fn column<'a>(rows: &[Vec<&'a str>], index: usize) -> BTreeSet<&'a str> {
    rows.iter().map(|row| row[index]).collect()
}

/// The names of the methods `pub fn name(mut self, ..)`.
fn setters(source: &'static str) -> BTreeSet<&'static str> {
    let heads = source.lines().filter_map(|line| line.trim().strip_prefix("pub fn "));
    heads.filter(|head| head.contains("(mut self")).filter_map(|head| head.split(['(', '<']).next()).collect()
}

#[test]
fn the_page_of_settings_has_every_documented_name_with_its_setter_and_default() {
    let page: Vec<_> = table(SETTINGS, "From the environment").iter().map(|row| (row[0], row[1], row[2])).collect();
    let code: Vec<_> = DOCUMENTED.iter().map(|setting| (setting.name, setting.setter, setting.default)).collect();
    assert_eq!(page, code);
}

#[test]
fn the_page_of_settings_has_every_setter_and_no_other() {
    let from_environment = column(&table(SETTINGS, "From the environment"), 1);
    let in_code = column(&table(SETTINGS, "In code only"), 0);
    assert!(from_environment.is_disjoint(&in_code));
    let settings = [
        include_str!("config/settings.rs"),
        include_str!("config/hashes.rs"),
        include_str!("config/limits.rs"),
        include_str!("config/profile.rs"),
        include_str!("config/choices.rs"),
        include_str!("config/takeover.rs"),
    ];
    assert_eq!(&from_environment | &in_code, settings.into_iter().flat_map(setters).collect());
    assert_eq!(column(&table(SETTINGS, "On the builder"), 0), setters(include_str!("auth.rs")));
}

#[test]
fn every_setting_has_a_default_and_a_meaning() {
    for heading in ["From the environment", "In code only", "On the builder", "The example servers"] {
        let rows = table(SETTINGS, heading);
        assert!(!rows.is_empty());
        assert!(rows.iter().flatten().all(|cell| !cell.is_empty()), "{heading}");
    }
}

#[test]
fn the_page_of_errors_has_every_code_with_its_status_and_no_other() {
    let rows = table(ERRORS, "");
    let page: BTreeSet<_> = rows.iter().flat_map(|row| row[1].split(", ").map(|status| (row[0], status))).collect();
    let source = include_str!("http/problem.rs").split("#[cfg(test)]").next().unwrap();
    let on_one_line = source.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(");
    assert_eq!(page, refusals(&on_one_line));
}

/// The pairs of code and status in the calls that make a `Problem`.
fn refusals(source: &str) -> BTreeSet<(&str, &str)> {
    let made = source.split("::new(").skip(1).filter_map(|call| {
        let (status, rest) = call.split_once(", \"")?;
        Some((rest.split('"').next()?, status.trim()))
    });
    let tokens = source.split("bad_token(\"").skip(1).filter_map(|call| Some((call.split('"').next()?, "401")));
    made.chain(tokens).filter(|(_, status)| status.parse::<u16>().is_ok()).collect()
}

#[test]
fn the_readme_has_every_route_and_no_other() {
    let rows = table(README, "The routes");
    assert_eq!(column(&rows, 0), Route::ALL.iter().map(|route| route.path()).collect());
}
