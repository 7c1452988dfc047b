//! The last target of this package: says which services were not found, so that a green run does
//! not hide the tests that did not run. It has no harness, because a harness would keep the
//! output of a test that passes to itself.

use std::process::ExitCode;

use auth_tests::services::{REQUIRE, Service};

/// The only test, as a runner such as nextest knows it.
const NAME: &str = "every_service_was_found";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let ignored_only = has("--ignored");
    if has("--list") {
        list(ignored_only);
        return ExitCode::SUCCESS;
    }
    if ignored_only || !is_chosen(&arguments) {
        return ExitCode::SUCCESS;
    }
    report(std::env::var(REQUIRE).is_ok_and(|value| value == "1"))
}

#[expect(clippy::print_stdout, reason = "the list is this target's answer")]
fn list(ignored_only: bool) {
    if !ignored_only {
        println!("{NAME}: test");
    }
}

/// Whether the name filters of the command line, if any, leave this test in.
fn is_chosen(arguments: &[String]) -> bool {
    let exact = arguments.iter().any(|argument| argument == "--exact");
    let mut filters = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
    filters.peek().is_none() || filters.any(|filter| if exact { filter == NAME } else { NAME.contains(&**filter) })
}

#[expect(clippy::print_stdout, reason = "the report is what this target is for")]
fn report(required: bool) -> ExitCode {
    let missing: Vec<_> = Service::ALL.into_iter().filter(|service| !service.is_found()).collect();
    if missing.is_empty() {
        println!("\nservices: every one was found");
    }
    for service in &missing {
        println!("\nservices: {} not found, its tests did not run. {}", service.name(), service.mend());
    }
    if required && !missing.is_empty() {
        println!("{REQUIRE} is set: this is a failure");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
