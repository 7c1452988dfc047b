//! What can be measured of accessibility. The rest is in the other scenarios: names, focus, keys.

use serde_json::Value;

use crate::browser::Browser;
use crate::needs::{AXE_CORE, axe_core, not_run};
use crate::server::Program;
use crate::tour::tour;

/// Every rule of axe-core, in light and in dark.
pub fn axe_finds_no_violation_on_any_page(program: &Program) {
    let Some(axe) = axe_core() else { return not_run(AXE_CORE) };
    let Some(browser) = Browser::start() else { return };
    let axe = std::fs::read_to_string(axe).unwrap();
    for dark in [false, true] {
        let server = program.start(&[]);
        browser.open(&server.url("/app/"));
        browser.run("sessionStorage.clear()", &[]);
        browser.look(dark, 1_000);
        let mut found = Vec::new();
        tour(&browser, &server, |page| found.extend(violations(&browser, &axe, page)));
        assert!(found.is_empty(), "dark: {dark}\n{}", found.join("\n"));
    }
}

/// 375 CSS pixels, the width of a small telephone.
pub fn narrow_pages_need_no_sideways_scrolling(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.look(false, 375);
    tour(&browser, &server, |page| {
        let width = browser.run("return document.documentElement.scrollWidth", &[]);
        assert!(width.as_u64().unwrap() <= 375, "{page} is {width} wide");
    });
}

fn violations(browser: &Browser, axe: &str, page: &str) -> Vec<String> {
    browser.run(&format!("{axe}; window.axe = axe;"), &[]);
    let report = browser.run("return axe.run(document, { resultTypes: ['violations'] })", &[]);
    assert!(report["passes"].as_array().is_some_and(|rules| !rules.is_empty()), "axe has looked at {page}");
    let violations = report["violations"].as_array().unwrap();
    violations.iter().map(|rule| format!("{page}: {} {}", rule["help"], nodes(rule).join(" "))).collect()
}

fn nodes(rule: &Value) -> Vec<String> {
    rule["nodes"].as_array().unwrap().iter().map(|node| node["html"].to_string()).collect()
}
