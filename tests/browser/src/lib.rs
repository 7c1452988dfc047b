//! Uses the pages of an example server as a person does: in Chromium, driven through `chromedriver`.
//!
//! The scenarios are run by the packages of the two servers, for which Cargo builds the programs.
//! Elements are found by what a person or a screen reader finds them by: labels, names, headings.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test code: what does not hold is a panic that says so"
)]

pub mod accessibility;
mod browser;
pub mod keyboard;
mod needs;
pub mod screenshots;
mod server;
pub mod session;
pub mod story;
mod tour;
mod webdriver;

pub use needs::{AXE_CORE, BROWSER, axe_core, programs};
pub use server::Program;

/// Makes one test of each scenario for the program that the expression names.
#[macro_export]
macro_rules! browser_tests {
    ($program:expr) => {
        $crate::browser_tests! { @modules $program;
            story: a_person_signs_up_keeps_notes_and_restores_a_password, a_username_is_enough,
                faults_stand_at_their_fields, the_pages_find_the_routes_wherever_they_are;
            keyboard: the_whole_story_needs_no_pointer;
            session: a_visitor_is_led_to_sign_in, a_session_that_has_ended_leads_to_sign_in_and_says_so,
                a_ripe_token_is_renewed_once_for_all_calls, a_duplicated_tab_takes_over_the_renewed_token,
                an_expired_token_is_renewed_and_the_call_repeated;
            accessibility: axe_finds_no_violation_on_any_page, narrow_pages_need_no_sideways_scrolling;
        }
    };
    (@modules $program:expr; $($module:ident: $($scenario:ident),+;)+) => {
        $(mod $module {
            $(#[test]
            fn $scenario() {
                $crate::$module::$scenario(&$crate::Program::new($program));
            })+
        })+
    };
}
