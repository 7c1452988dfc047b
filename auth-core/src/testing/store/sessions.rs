//! The properties of a [`SessionStore`].

use std::time::Duration;

use super::actors::{POLICY, at, at_each_await, browser, drop_after, id, look_up, open, present, session, successor};
use super::property::properties;
use crate::client::ClientInfo;
use crate::clock::Timestamp;
use crate::session::{NewSession, Presented, Rotation, Session, SessionId};
use crate::store::{Revoke, SessionStore};

crate::__session_store_properties! { { properties } sessions: dyn SessionStore; }

/// Every field, with and without a client.
pub async fn a_session_is_read_as_it_was_opened(sessions: &dyn SessionStore) {
    let agent = "M\u{f6}zilla '\"%\u{1f600}";
    for (number, ip) in [None, Some([203, 0, 113, 9].into()), "2001:db8::1".parse().ok()].into_iter().enumerate() {
        let client = ClientInfo::new(ip, ip.map(|_| agent));
        let session = open(sessions, Session { client, ..session(&format!("read {number}"), "reader", at(0)) }).await;
        assert_eq!(look_up(sessions, &session).await, Some(session));
    }
    assert_eq!(sessions.get(&SessionId::stored("none")).await.expect("get"), None);
}

/// An id that is there already is a failure, not a new owner.
pub async fn a_session_is_never_overwritten(sessions: &dyn SessionStore) {
    let mine = open(sessions, session("mine", "owner", at(0))).await;
    let theirs = NewSession::unproven_for_tests(session("mine", "thief", at(1)));
    assert!(sessions.open(theirs).await.is_err());
    assert_eq!(look_up(sessions, &mine).await, Some(mine));
}

/// One rotation moves generation, token, moment and client, and nothing else.
pub async fn the_present_token_is_replaced(sessions: &dyn SessionStore) {
    let mut session = open(sessions, session("rotated", "rotator", at(0))).await;
    for generation in 0..3 {
        let now = at(10 * (generation + 1));
        let client = ClientInfo::new(None, Some(&format!("client {generation}")));
        let presented = Presented { client: client.clone(), ..present(&session, generation) };
        let next = successor(&format!("rotated-{generation}"), now);
        let expected = session.rotated(next.clone(), client, now);
        let rotation = sessions.rotate(presented, next, now, &POLICY).await.expect("rotate");
        assert_eq!(rotation, Rotation::Rotated(expected.clone()));
        assert_eq!(look_up(sessions, &session).await.as_ref(), Some(&expected));
        session = expected;
    }
}

/// A lost answer or a second tab gets the same successor; another client is told apart.
pub async fn the_parent_is_forgiven_within_the_grace(sessions: &dyn SessionStore) {
    let session = rotated(sessions, "parent", at(10)).await;
    for (client, other_client) in [(browser(), false), (ClientInfo::default(), true)] {
        let presented = Presented { client, ..present(&session, 0) };
        let rotation = sessions.rotate(presented, successor("unused", at(19)), at(19), &POLICY).await.expect("rotate");
        assert_eq!(rotation, Rotation::Repeated { session: session.clone(), other_client });
    }
    assert_eq!(look_up(sessions, &session).await, Some(session));
}

/// The parent after the grace and anything older are reuse.
pub async fn a_replaced_token_ends_the_session(sessions: &dyn SessionStore) {
    let late = rotated(sessions, "late parent", at(10)).await;
    assert_eq!(rotate(sessions, &late, 0, at(20)).await, Rotation::Reused(late.clone()));
    assert_eq!(look_up(sessions, &late).await, None);

    let once = rotated(sessions, "grandparent", at(10)).await;
    let Rotation::Rotated(twice) = rotate(sessions, &once, 1, at(11)).await else { panic!("the present token") };
    assert_eq!(rotate(sessions, &twice, 0, at(12)).await, Rotation::Reused(twice.clone()));
    assert_eq!(look_up(sessions, &twice).await, None);
    assert_eq!(rotate(sessions, &twice, 2, at(12)).await, Rotation::Unknown);
}

/// Neither a generation to come nor a session that is not there changes anything.
pub async fn a_token_that_was_never_issued_is_unknown(sessions: &dyn SessionStore) {
    let session = open(sessions, session("foreign", "owner", at(0))).await;
    for generation in [1, 2, i64::MAX, i64::MIN] {
        assert_eq!(rotate(sessions, &session, generation, at(1)).await, Rotation::Unknown, "{generation}");
    }
    assert_eq!(look_up(sessions, &session).await.as_ref(), Some(&session));
    let nowhere = Session { id: SessionId::stored("nowhere"), ..session };
    assert_eq!(rotate(sessions, &nowhere, 0, at(1)).await, Rotation::Unknown);
}

/// The first moment that is too late ends the session; the one before does not.
pub async fn rest_and_absolute_life_end_a_session_sharply(sessions: &dyn SessionStore) {
    let just_before = |end: Timestamp| end.minus(Duration::from_millis(1));
    for (name, opened, end) in [("rest", at(0), at(1_000)), ("life", at(-4_500), at(500))] {
        let fresh = Session { rotated_at: at(0), ..session(&format!("{name} in time"), "owner", opened) };
        let fresh = open(sessions, fresh).await;
        assert!(matches!(rotate(sessions, &fresh, 0, just_before(end)).await, Rotation::Rotated(_)), "{name}");
        let old = Session { id: SessionId::stored(format!("{name} too late")), ..fresh };
        let old = open(sessions, old).await;
        assert_eq!(rotate(sessions, &old, 0, end).await, Rotation::Expired(old.clone()), "{name}");
        assert_eq!(look_up(sessions, &old).await, None, "{name}");
    }
}

/// Hosts in a pool have clocks that differ.
pub async fn a_clock_that_goes_back_ends_nothing(sessions: &dyn SessionStore) {
    let session = rotated(sessions, "clock", at(100)).await;
    assert!(matches!(rotate(sessions, &session, 0, at(50)).await, Rotation::Repeated { .. }));
    assert!(matches!(rotate(sessions, &session, 1, at(50)).await, Rotation::Rotated(_)));
}

/// Those of the account, and only those.
pub async fn sessions_are_listed_newest_first(sessions: &dyn SessionStore) {
    let mut opened = Vec::new();
    for number in [2, 0, 1] {
        opened.push(open(sessions, session(&format!("list {number}"), "lister", at(number))).await);
    }
    open(sessions, session("list other", "other lister", at(9))).await;
    opened.sort_by_key(|session| std::cmp::Reverse(session.created_at));
    assert_eq!(sessions.list(&id("lister")).await.expect("list"), opened);
    assert_eq!(sessions.list(&id("nobody")).await.expect("list"), []);
}

/// [`Revoke::One`] ends one session of this account.
pub async fn a_session_is_revoked_only_by_its_owner(sessions: &dyn SessionStore) {
    let kept = open(sessions, session("kept", "revoker", at(0))).await;
    let ended = open(sessions, session("ended", "revoker", at(0))).await;
    let (owner, other) = (id("revoker"), id("other revoker"));
    assert_eq!(sessions.revoke(Revoke::One(&other, &ended.id)).await.expect("revoke"), 0);
    assert_eq!(sessions.revoke(Revoke::One(&owner, &ended.id)).await.expect("revoke"), 1);
    assert_eq!(sessions.revoke(Revoke::One(&owner, &ended.id)).await.expect("revoke"), 0);
    assert_eq!(look_up(sessions, &ended).await, None);
    assert_eq!(rotate(sessions, &ended, 0, at(1)).await, Rotation::Unknown);
    assert_eq!(look_up(sessions, &kept).await, Some(kept));
}

/// [`Revoke::All`] ends every session of this account and tells how many.
pub async fn all_sessions_of_an_account_are_revoked(sessions: &dyn SessionStore) {
    for name in ["all 1", "all 2", "all 3"] {
        open(sessions, session(name, "all", at(0))).await;
    }
    let bystander = open(sessions, session("bystander", "not all", at(0))).await;
    assert_eq!(sessions.revoke(Revoke::All(&id("all"))).await.expect("revoke"), 3);
    assert_eq!(sessions.revoke(Revoke::All(&id("all"))).await.expect("revoke"), 0);
    assert_eq!(sessions.list(&id("all")).await.expect("list"), []);
    assert_eq!(look_up(sessions, &bystander).await, Some(bystander));
}

/// Only sessions whose absolute end lies before the moment, at most the limit at a time.
pub async fn expired_sessions_are_purged_in_portions(sessions: &dyn SessionStore) {
    // Long before every other session of the suite.
    let old = at(-1_000_000);
    for number in 0..5 {
        open(sessions, session(&format!("purge {number}"), "purged", old)).await;
    }
    let end = old + Duration::from_secs(5_000);
    assert_eq!(sessions.purge_expired(end, 10).await.expect("purge"), 0);
    let after = end + Duration::from_millis(1);
    for (limit, purged) in [(0, 0), (3, 3), (3, 2), (3, 0)] {
        assert_eq!(sessions.purge_expired(after, limit).await.expect("purge"), purged);
    }
    assert_eq!(sessions.list(&id("purged")).await.expect("list"), []);
}

/// [`SessionStore::open`].
pub async fn a_dropped_opening_leaves_everything_or_nothing(sessions: &dyn SessionStore) {
    at_each_await(async |polls| {
        let session = session(&format!("dropped opening {polls}"), "opener", at(0));
        let opening = |session| sessions.open(NewSession::unproven_for_tests(session));
        let done = drop_after(polls, opening(session.clone())).await.is_some();
        let _ = opening(session.clone()).await;
        assert_eq!(look_up(sessions, &session).await, Some(session), "after {polls} polls");
        done
    })
    .await;
}

/// [`SessionStore::rotate`]: whoever asks again with the same token gets its one successor.
pub async fn a_dropped_rotation_signs_nobody_out(sessions: &dyn SessionStore) {
    at_each_await(async |polls| {
        let session = open(sessions, session(&format!("dropped rotation {polls}"), "owner", at(0))).await;
        let next = successor(&format!("dropped rotation {polls}"), at(1));
        let done = drop_after(polls, sessions.rotate(present(&session, 0), next, at(1), &POLICY)).await.is_some();
        let rotation = rotate(sessions, &session, 0, at(2)).await;
        let (Rotation::Rotated(rotated) | Rotation::Repeated { session: rotated, .. }) = rotation else {
            panic!("after {polls} polls: {rotation:?}");
        };
        assert_eq!(rotated.generation, 1, "after {polls} polls");
        assert_eq!(look_up(sessions, &session).await, Some(rotated), "after {polls} polls");
        done
    })
    .await;
}

/// [`SessionStore::revoke`].
pub async fn a_dropped_sign_out_ends_all_sessions_or_none(sessions: &dyn SessionStore) {
    at_each_await(async |polls| {
        let user = format!("dropped sign-out {polls}");
        for number in 0..3 {
            open(sessions, session(&format!("{user}/{number}"), &user, at(0))).await;
        }
        let done = drop_after(polls, sessions.revoke(Revoke::All(&id(&user)))).await.is_some();
        let left = sessions.list(&id(&user)).await.expect("list").len();
        assert!(left == 0 || (!done && left == 3), "{left} of 3 sessions are left after {polls} polls");
        done
    })
    .await;
}

/// [`SessionStore::purge_expired`].
pub async fn a_dropped_purge_can_be_made_again(sessions: &dyn SessionStore) {
    // Long before every other session of the suite.
    let old = at(-1_000_000);
    let after = old + Duration::from_secs(5_001);
    at_each_await(async |polls| {
        let kept = open(sessions, session(&format!("kept by purge {polls}"), "kept by purge", at(0))).await;
        for number in 0..3 {
            open(sessions, session(&format!("dropped purge {polls}/{number}"), "dropped purge", old)).await;
        }
        let done = drop_after(polls, sessions.purge_expired(after, 10)).await.is_some();
        sessions.purge_expired(after, 10).await.expect("purge");
        assert_eq!(sessions.list(&id("dropped purge")).await.expect("list"), [], "after {polls} polls");
        assert_eq!(look_up(sessions, &kept).await, Some(kept), "after {polls} polls");
        done
    })
    .await;
}

async fn rotate(sessions: &dyn SessionStore, session: &Session, generation: i64, now: Timestamp) -> Rotation {
    let next = successor(&format!("{}-{generation}-next", session.id), now);
    sessions.rotate(present(session, generation), next, now, &POLICY).await.expect("rotate")
}

/// A session at generation 1 that was rotated at `now`.
async fn rotated(sessions: &dyn SessionStore, name: &str, now: Timestamp) -> Session {
    let session = open(sessions, session(name, "owner", at(0))).await;
    let Rotation::Rotated(session) = rotate(sessions, &session, 0, now).await else { panic!("the present token") };
    session
}
