//! What a person does with a pointer and a keyboard.

use crate::browser::Browser;
use crate::server::{Program, Server};

pub(crate) const ADDRESS: &str = "ann@example.org";
pub(crate) const PASSWORD: &str = "a long wooden boat";
pub(crate) const NEW_PASSWORD: &str = "rain on an old roof";

/// The whole of it, in the order in which it happens.
pub fn a_person_signs_up_keeps_notes_and_restores_a_password(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/"));
    browser.expect_page("A quiet place for notes");
    browser.click_link("Create an account");
    sign_up(&browser);

    write_note(&browser, "Milk");
    write_note(&browser, "Bread");
    browser.click_button("Delete the note Milk");
    browser.expect_text("Deleted: Milk");
    assert_eq!(browser.count("#notes li"), 1);
    browser.click_button("Sign out");
    browser.expect_text("Signed out");

    browser.click_link("Forgot your password?");
    browser.fill("E-mail address", ADDRESS);
    browser.click_button("Send the link");
    browser.expect_text("the mail is in its mailbox");
    open_link_of_mail(&browser, &server);
    browser.fill("New password", NEW_PASSWORD);
    browser.click_button("Set password");
    browser.expect_page("Sign in");
    browser.expect_text("Password changed");

    sign_in(&browser, PASSWORD);
    browser.expect_text("The name or the password is wrong.");
    assert_eq!(browser.focused(), "Password");
    sign_in(&browser, NEW_PASSWORD);
    browser.expect_page("My notes");
    browser.expect_text("Bread");
    browser.expect_text(ADDRESS);

    open_link_of_mail(&browser, &server);
    browser.fill("New password", PASSWORD);
    browser.click_button("Set password");
    browser.expect_text("This link is not valid or not valid any more.");
    assert_eq!(browser.complaints(), [""; 0]);
}

/// An account without an address.
pub fn a_username_is_enough(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/app/signup"));
    browser.click("//label[.='Username']/input[@type='radio']");
    browser.fill("Username", "ann");
    browser.fill("Password", PASSWORD);
    browser.click_button("Create account");
    browser.expect_page("My notes");
    browser.expect_text("ann");
}

/// Each is told in the server's words, tied to its field, and has the focus.
pub fn faults_stand_at_their_fields(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    let server = program.start(&[]);
    browser.open(&server.url("/app/signup"));
    browser.click_button("Create account");
    assert_eq!(browser.focused(), "E-mail address");
    assert!(browser.fault_of("E-mail address").is_some() && browser.fault_of("Password").is_some());

    browser.fill("E-mail address", "nobody");
    browser.fill("Password", PASSWORD);
    browser.click_button("Create account");
    browser.expect_text("This is not an e-mail address that we can write to.");
    assert_eq!((browser.focused(), browser.fault_of("Password")), ("E-mail address".to_owned(), None));

    browser.fill("E-mail address", ADDRESS);
    browser.fill("Password", "password1");
    browser.click_button("Create account");
    browser.expect_text("common");
    assert_eq!((browser.focused(), browser.fault_of("E-mail address")), ("Password".to_owned(), None));
    assert!(browser.fault_of("Password").is_some());
}

/// Any prefix, and the root.
pub fn the_pages_find_the_routes_wherever_they_are(program: &Program) {
    let Some(browser) = Browser::start() else { return };
    for prefix in ["/", "/api/v1/accounts"] {
        let server = program.start(&[("AUTH_PREFIX", prefix)]);
        browser.open(&server.url("/app/signup"));
        sign_up(&browser);
        write_note(&browser, "Milk");
        browser.click_button("Sign out");
        browser.expect_text("Signed out");
    }
}

pub(crate) fn sign_up(browser: &Browser) {
    browser.expect_page("Create an account");
    browser.fill("E-mail address", ADDRESS);
    browser.fill("Password", PASSWORD);
    browser.click_button("Create account");
    browser.expect_page("My notes");
}

pub(crate) fn sign_in(browser: &Browser, password: &str) {
    browser.fill("E-mail address or username", ADDRESS);
    browser.fill("Password", password);
    browser.click_button("Sign in");
}

pub(crate) fn write_note(browser: &Browser, title: &str) {
    browser.fill("Title", title);
    browser.click_button("Add note");
    browser.expect_text(&format!("Added: {title}"));
}

/// Reads the mail as the newcomer does, and sees to it that the token does not stay in the address.
pub(crate) fn open_link_of_mail(browser: &Browser, server: &Server) {
    wait_for_mail(browser, server);
    browser.click("//a[contains(@href,'restoring=')]");
    browser.expect_page("Set a new password");
    assert_eq!(browser.address(), server.url("/app/restore"));
}

/// The mailbox page, as soon as there is a link in it.
pub(crate) fn wait_for_mail(browser: &Browser, server: &Server) {
    browser.open(server.mailbox());
    browser.expect_page("Mailbox");
    let looks = std::iter::repeat_with(|| {
        let arrived = browser.count("a[href*='restoring=']") > 0;
        if !arrived {
            browser.click_link("Look again");
        }
        arrived
    });
    assert!(looks.take(200).any(|arrived| arrived), "no mail came: {}", server.log());
}
