//! Drives an example server as a stranger does who has its program and the wire contract: settings
//! from the environment, requests over a socket, mail from the folder, signals.
//!
//! The scenarios are run by the packages of the two servers, for which Cargo builds the programs.
//! What one framework answers is compared with the other by one snapshot for both.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test code: what does not hold is a panic that says so"
)]

pub mod crash;
pub mod development;
mod http;
mod load;
mod mailbox;
pub mod metrics;
pub mod mounting;
mod program;
mod remains;
pub mod secrets;
pub mod servers;
pub mod settings;
pub mod stopping;
pub mod story;
pub mod together;
pub mod transcript;

pub use program::Program;

/// Makes one test of each scenario for the program that the expression names.
#[macro_export]
macro_rules! example_tests {
    ($program:expr) => {
        $crate::example_tests! { @modules $program;
            story: a_person_signs_up_keeps_notes_and_restores_a_password, a_restart_keeps_sessions_and_notes,
                a_stranger_gets_nothing;
            settings: every_fault_is_told_at_once_and_nothing_is_started, each_refused_value_names_its_setting,
                an_address_in_use_is_a_fault;
            development: a_newcomer_needs_no_setting, the_mailbox_opens_to_its_key_on_this_machine_only,
                any_setting_of_the_library_keeps_a_server_out_of_it, an_open_address_keeps_a_server_out_of_it,
                a_database_that_production_marked_keeps_a_server_out_of_it,
                production_refuses_a_database_of_development, asking_for_it_lifts_the_condition_on_settings_alone;
            metrics: what_people_do_is_counted_and_who_they_are_is_not;
            mounting: at_the_root, below_a_deep_prefix;
            stopping: a_slow_head_or_body_ends_the_connection, sigterm_sends_what_is_in_the_outbox_and_exits_with_zero,
                sigterm_under_load_loses_nothing;
            secrets: nothing_secret_leaves_the_process, the_mail_server_alone_reads_its_password_and_the_link,
                the_key_of_the_mailbox_is_said_once, a_refused_start_shows_no_secret;
            servers: a_person_lives_on_a_database_server,
                notes_on_a_database_server_are_in_order_and_their_owners,
                development_and_production_keep_apart_on_a_database_server,
                first_starts_at_one_moment_agree_on_the_mode, a_server_that_is_not_there_is_a_fault;
            crash: what_was_acknowledged_outlives_twenty_kills;
            transcript: answers_the_same_bytes_as_the_other_framework;
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

/// Makes one test of each race for two programs: the one that the expression names, and the one with
/// this name beside it.
#[macro_export]
macro_rules! pair_tests {
    ($program:expr, $other:expr) => {
        $crate::pair_tests! { @modules $program, $other;
            signup: of_sixteen_sign_ups_of_one_name_one_makes_an_account,
                of_sixteen_sign_ups_of_one_address_one_makes_an_account,
                of_sixteen_sign_ups_of_variants_of_one_name_one_makes_an_account;
            restore: of_sixteen_uses_of_one_link_one_wins_and_only_its_password_works,
                of_two_links_used_at_once_the_newer_one_wins,
                a_sign_in_with_the_old_password_does_not_survive_its_change, no_older_lineage_survives_a_restore;
            rehash: an_upgrade_of_a_hash_never_overwrites_a_change;
            session: sixteen_refreshes_of_one_token_get_one_successor_and_nobody_is_signed_out;
            limits: a_hundred_wrong_passwords_of_one_client_are_thirty,
                a_hundred_wrong_passwords_at_one_login_close_it_at_both_and_not_to_its_owner;
            outbox: each_mail_of_the_outbox_is_sent_by_one_server_once;
        }
    };
    (@modules $program:expr, $other:expr; $($module:ident: $($scenario:ident),+;)+) => {
        $(mod $module {
            $(#[test]
            fn $scenario() {
                let program = $crate::Program::new($program);
                $crate::together::$module::$scenario([&program, &program.beside($other)]);
            })+
        })+
    };
}
