//! What the pages do with the token.

use serde_json::Value;

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
    assert_eq!(browser.run("return sessionStorage.session ?? null", &[]), Value::Null);
}

/// The page of notes asks twice at once when it opens.
pub fn a_ripe_token_is_renewed_once_for_all_calls(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/app/signup"));
    sign_up(&browser);
    write_note(&browser, "Milk");
    let before = ripen(&browser);
    browser.open(&server.url("/app/notes"));
    browser.expect_text("Milk");
    assert_eq!(refreshes(&browser), 1);
    assert_ne!(browser.run(TOKEN, &[]), before);
}

/// It would come late with a token that was replaced, and end the session of both.
pub fn a_duplicated_tab_takes_over_the_renewed_token(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/app/signup"));
    sign_up(&browser);
    let [old, new] = browser.duplicate_tab();
    browser.switch_to(&new);
    browser.expect_page("My notes");
    let before = browser.run(TOKEN, &[]);
    browser.switch_to(&old);
    assert_eq!(ripen(&browser), before);
    write_note(&browser, "Milk");
    let after = browser.run(TOKEN, &[]);
    assert_ne!(after, before);
    browser.switch_to(&new);
    let taken_over = "const pause = () => new Promise((resolve) => setTimeout(resolve));
        const look = async () => { while (JSON.parse(sessionStorage.session).token !== arguments[0]) await pause(); };
        return look().then(() => true)";
    assert_eq!(browser.run(taken_over, &[after]), true);
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
    // The next token lives as long as it should: only the one that is waited for is short.
    let _server = program.start_anew(server);
    write_note(&browser, "Milk");
    assert_eq!(refreshes(&browser), 1);
}

const TOKEN: &str = "return JSON.parse(sessionStorage.session).token";

/// Makes the page think that it is time to renew the token, which is given back.
fn ripen(browser: &Browser) -> Value {
    browser.run(
        "const session = JSON.parse(sessionStorage.session);
         sessionStorage.session = JSON.stringify({ ...session, ripe: 0 });
         return session.token",
        &[],
    )
}

fn refreshes(browser: &Browser) -> u64 {
    let asked =
        "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/refresh')).length";
    browser.run(asked, &[]).as_u64().unwrap()
}
