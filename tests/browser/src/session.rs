//! What the pages do with the token.

use crate::browser::Browser;
use crate::server::Program;
use crate::story::{sign_up, write_note};

/// Nobody's notes are no page.
pub fn a_visitor_is_led_to_sign_in(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/app/notes"));
    browser.expect_page("Sign in");
}

/// For instance because the password was restored elsewhere.
pub fn a_session_that_has_ended_leads_to_sign_in_and_says_so(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/app/signup"));
    sign_up(&browser);
    browser.run(
        "const { token } = JSON.parse(sessionStorage.session);
         return fetch('/auth/signout', { method: 'POST', headers: { Authorization: `Bearer ${token}` } }).then(() => null)",
        &[],
    );
    browser.fill("Title", "Milk");
    browser.click_button("Add note");
    browser.expect_page("Sign in");
    browser.expect_text("sign in again");
    assert_eq!(browser.run("return sessionStorage.session ?? null", &[]), serde_json::Value::Null);
}

/// The page of notes asks twice at once when it opens.
pub fn a_ripe_token_is_renewed_once_for_all_calls(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/app/signup"));
    sign_up(&browser);
    write_note(&browser, "Milk");
    let before = browser.run(
        "const session = JSON.parse(sessionStorage.session);
         sessionStorage.session = JSON.stringify({ ...session, ripe: 0 });
         return session.token",
        &[],
    );
    browser.open(&server.url("/app/notes"));
    browser.expect_text("Milk");
    assert_eq!(refreshes(&browser), 1);
    assert_ne!(browser.run("return JSON.parse(sessionStorage.session).token", &[]), before);
}

/// A machine that slept longer than the token lives.
pub fn an_expired_token_is_renewed_and_the_call_repeated(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[("JWT_EXP", "0.02")]);
    browser.open(&server.url("/app/signup"));
    sign_up(&browser);
    browser.run(
        "const session = JSON.parse(sessionStorage.session);
         sessionStorage.session = JSON.stringify({ ...session, ripe: Number.MAX_SAFE_INTEGER });
         const body = JSON.stringify({ token: session.token });
         const expired = async () => (await fetch('/auth/validation', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })).status === 401;
         const wait = async () => { while (!(await expired())); };
         performance.clearResourceTimings();
         return wait()",
        &[],
    );
    write_note(&browser, "Milk");
    assert_eq!(refreshes(&browser), 1);
}

fn refreshes(browser: &Browser) -> u64 {
    let asked =
        "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/refresh')).length";
    browser.run(asked, &[]).as_u64().unwrap()
}
