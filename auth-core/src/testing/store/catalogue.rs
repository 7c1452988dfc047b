//! The names of all properties, written once: [`PROPERTIES`](super::users::PROPERTIES) and the
//! macros that make tests of them are made from these lists.

/// Calls the macro in braces with what follows it and the properties of a `UserStore`.
#[doc(hidden)]
#[macro_export]
macro_rules! __user_store_properties {
    ({ $($then:tt)+ } $($given:tt)*) => {
        $($then)+! { $($given)*
            promises {
                an_account_is_found_by_id_name_and_address
                an_account_named_by_its_address_is_found_by_it
                what_is_not_there_is_none
                an_inactive_account_is_still_found
                ten_thousand_accounts_are_told_apart
                a_name_is_found_in_any_spelling_and_shown_as_given
                names_are_compared_byte_by_byte
                a_wildcard_in_a_name_stands_for_itself
                odd_text_comes_back_unchanged
                a_nul_does_no_harm
                an_over_long_text_is_kept_whole_or_refused
                a_taken_name_is_a_conflict
                a_taken_address_is_a_conflict
                the_name_is_told_first_where_both_are_taken
                a_conflict_leaves_nothing_behind
                accounts_without_an_address_do_not_collide
                a_password_is_replaced_only_if_it_is_the_one_that_was_read
                a_rehash_ends_nothing
                a_new_password_begins_an_epoch
                a_new_password_ends_the_restoring_token
                a_changed_activity_begins_an_epoch_and_ends_the_restoring_token
                a_new_epoch_is_returned_and_ends_the_restoring_token
                an_epoch_never_comes_back
                a_sign_in_is_noted
                a_write_leaves_other_accounts_alone
                writes_to_no_account_do_nothing
                one_restoring_token_is_live
                a_restoring_token_is_compared_as_a_whole
                a_restoring_token_sets_a_password_once
                a_restore_begins_an_epoch
                a_used_restoring_token_finds_nobody
                a_restore_needs_the_live_token
                a_restore_needs_the_password_that_was_read
                a_restore_needs_the_address_that_was_read
                a_restore_needs_the_epoch_that_was_read
                an_inactive_account_is_not_restored
                a_dropped_sign_up_leaves_everything_or_nothing
                a_dropped_rehash_leaves_everything_or_nothing
                a_dropped_change_of_password_leaves_everything_or_nothing
                a_dropped_restore_leaves_everything_or_nothing
                a_dropped_change_of_activity_leaves_everything_or_nothing
                a_dropped_epoch_leaves_everything_or_nothing
                a_dropped_note_of_a_sign_in_leaves_everything_or_nothing
                a_dropped_restoring_token_leaves_one_live
            }
            races {
                sign_ups_of_one_name
                sign_ups_of_one_address
                uses_of_one_restoring_token
                changes_of_one_password
                a_rehash_against_a_change
                a_restore_against_a_change
            }
        }
    };
}

/// Calls the macro in braces with what follows it and the properties of a `SessionStore`.
#[doc(hidden)]
#[macro_export]
macro_rules! __session_store_properties {
    ({ $($then:tt)+ } $($given:tt)*) => {
        $($then)+! { $($given)*
            promises {
                a_session_is_read_as_it_was_opened
                a_session_is_never_overwritten
                the_present_token_is_replaced
                the_parent_is_forgiven_within_the_grace
                a_replaced_token_ends_the_session
                a_token_that_was_never_issued_is_unknown
                rest_and_absolute_life_end_a_session_sharply
                a_clock_that_goes_back_ends_nothing
                sessions_are_listed_newest_first
                a_session_is_revoked_only_by_its_owner
                all_sessions_of_an_account_are_revoked
                expired_sessions_are_purged_in_portions
                a_dropped_opening_leaves_everything_or_nothing
                a_dropped_rotation_signs_nobody_out
                a_dropped_sign_out_ends_all_sessions_or_none
                a_dropped_purge_can_be_made_again
            }
            races {
                rotations_of_one_token
                a_sign_out_against_rotations
            }
        }
    };
}

/// Calls the macro in braces with what follows it and the properties of an `OutboxStore`.
#[doc(hidden)]
#[macro_export]
macro_rules! __outbox_store_properties {
    ({ $($then:tt)+ } $($given:tt)*) => {
        $($then)+! { $($given)*
            promises {
                a_job_is_given_at_once_as_it_was_put
                a_job_is_never_overwritten
                jobs_are_given_oldest_first_up_to_the_limit
                a_leased_job_is_given_again_when_its_lease_has_run_out
                only_the_newest_job_of_a_group_is_given
                a_group_waits_while_one_of_its_jobs_is_leased
                a_job_that_waits_for_another_try_is_replaced_by_a_newer_one
                a_job_that_is_done_is_forgotten
                a_job_is_tried_again_from_the_moment_named
                a_dead_job_is_never_given_and_holds_up_nobody
                a_purge_forgets_old_dead_jobs_and_nothing_else
                only_the_holder_of_a_lease_finishes
                a_dropped_put_leaves_one_job_or_none
                a_dropped_claim_loses_no_job
                a_dropped_finish_can_be_made_again
                a_dropped_purge_of_dead_jobs_can_be_made_again
            }
            races {
                claims_of_the_same_jobs
            }
        }
    };
}

/// Calls the macro in braces with what follows it and the properties of an `AttemptStore`.
#[doc(hidden)]
#[macro_export]
macro_rules! __attempt_store_properties {
    ({ $($then:tt)+ } $($given:tt)*) => {
        $($then)+! { $($given)*
            promises {
                so_many_are_let_in_and_the_next_one_when_the_window_is_over
                what_is_refused_is_counted_nowhere
                a_success_and_a_refund_give_back_what_was_counted_in_a_window
                what_began_later_and_came_first_is_given_back_too
                pauses_begin_after_the_free_failures_and_double
                a_success_forgets_failures
                attempts_under_way_alone_put_off_nobody
                after_the_free_failures_one_attempt_has_the_turn
                a_refund_gives_back_its_own_turn_and_no_other
                an_attempt_that_nobody_settles_has_failed_when_its_lease_is_over
                failures_are_forgotten_after_the_memory
                a_known_key_spares_what_honours_it_and_nothing_else
                a_clock_that_was_set_back_keeps_nobody_out_longer
                what_is_forgotten_is_as_new
                who_is_known_stays_known_when_all_is_forgotten
                a_purge_forgets_what_is_over_and_nothing_else
                a_dropped_reservation_is_whole_or_not_there
                a_dropped_settlement_is_whole_or_not_there
                a_dropped_forgetting_is_whole_or_not_there
            }
            races {
                a_pause_that_is_over
                wrong_passwords_of_one_client
                wrong_passwords_of_a_hundred_clients
            }
        }
    };
}

/// Calls the macro in braces with what follows it and the properties of accounts and sessions together.
#[doc(hidden)]
#[macro_export]
macro_rules! __joint_properties {
    ({ $($then:tt)+ } $($given:tt)*) => {
        $($then)+! { $($given)*
            promises {
                a_session_is_read_with_its_account
                a_session_without_an_account_is_still_read
                what_is_read_together_is_of_this_moment
            }
            races {}
        }
    };
}
