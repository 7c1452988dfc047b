//! The same story without a pointer.

use crate::browser::{Browser, ENTER, RIGHT, SPACE, TAB};
use crate::server::Program;
use crate::story::{ADDRESS, NEW_PASSWORD, PASSWORD, wait_for_mail};

/// Tab, Enter, Space, an arrow, and typing.
pub fn the_whole_story_needs_no_pointer(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/app/"));
    browser.press(TAB);
    assert_eq!(browser.focused(), "Skip to the content");
    press_on(&browser, "Create an account", ENTER);
    browser.expect_page("Create an account");
    tab_to(&browser, "E-mail");
    browser.press(RIGHT);
    assert_eq!(browser.focused(), "Username");
    browser.press(RIGHT);
    type_into(&browser, "E-mail address", ADDRESS);
    type_into(&browser, "Password", PASSWORD);
    press_on(&browser, "Show the password", SPACE);
    assert_eq!(browser.focused(), "Hide the password");
    press_on(&browser, "Create account", ENTER);

    browser.expect_page("My notes");
    for title in ["Milk", "Bread"] {
        type_into(&browser, "Title", title);
        browser.press(ENTER);
        browser.expect_text(&format!("Added: {title}"));
    }
    press_on(&browser, "Delete the note Bread", ENTER);
    browser.expect_text("Deleted: Bread");
    assert_eq!(browser.focused(), "Delete the note Milk");
    press_on(&browser, "Sign out", SPACE);

    browser.expect_page("Sign in");
    press_on(&browser, "Forgot your password?", ENTER);
    browser.expect_page("Forgot your password?");
    type_into(&browser, "E-mail address", ADDRESS);
    browser.press(ENTER);
    browser.expect_text("the mail is in its mailbox");

    wait_for_mail(&browser, &server);
    let link = browser.run("return document.querySelector('a[href*=restoring]').textContent", &[]);
    press_on(&browser, link.as_str().unwrap(), ENTER);
    browser.expect_page("Set a new password");
    type_into(&browser, "New password", NEW_PASSWORD);
    browser.press(ENTER);

    browser.expect_page("Sign in");
    type_into(&browser, "E-mail address or username", ADDRESS);
    type_into(&browser, "Password", PASSWORD);
    browser.press(ENTER);
    browser.expect_text("The name or the password is wrong.");
    assert_eq!(browser.focused(), "Password");
    select_all_and_type(&browser, NEW_PASSWORD);
    browser.press(ENTER);
    browser.expect_page("My notes");
    browser.expect_text("Milk");
}

/// Goes on with Tab until the thing with this accessible name has the focus. Past the last one the
/// focus begins anew at the top.
fn tab_to(browser: &Browser, name: &str) {
    let mut passed = Vec::new();
    while browser.focused() != name {
        passed.push(browser.focused());
        assert!(passed.len() < 40, "Tab does not lead to {name}, but to {passed:?}");
        browser.press(TAB);
    }
    let outline = "const style = getComputedStyle(document.activeElement);
        const drawn = style.opacity === '0' ? getComputedStyle(document.activeElement.nextElementSibling) : style;
        return parseFloat(drawn.outlineWidth) >= 2 && drawn.outlineStyle !== 'none'";
    assert_eq!(browser.run(outline, &[]), true, "the focus on {name} is seen");
}

fn press_on(browser: &Browser, name: &str, key: &str) {
    tab_to(browser, name);
    browser.press(key);
}

fn type_into(browser: &Browser, name: &str, text: &str) {
    tab_to(browser, name);
    browser.press(text);
}

fn select_all_and_type(browser: &Browser, text: &str) {
    browser.run("document.activeElement.select()", &[]);
    browser.press(text);
}
