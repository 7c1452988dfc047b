//! The properties of accounts and sessions together, as [`Stores`] read them: by a
//! [`JointStore`](crate::store::JointStore), or one after the other.

use super::actors::{at, epoch, newcomer_with_email, open, read, session, sign_up, successor};
use super::property::properties;
use crate::account::User;
use crate::session::{Session, SessionId};
use crate::store::Stores;

crate::__joint_properties! { { properties } joint: Stores; }

/// Every field of both, each account with its own session, and nothing under an id of neither.
pub async fn a_session_is_read_with_its_account(stores: &Stores) {
    for (name, active) in [("joint-one", true), ("joint-two", false)] {
        let user = sign_up(&*stores.users, newcomer_with_email(name, &format!("{name}@x.org"))).await;
        stores.users.signed_in(&user.id, at(7)).await.expect("a note of the sign-in");
        if !active {
            stores.users.set_active(&user.id, false, epoch("joint")).await.expect("an account that sleeps");
        }
        let user = read(&*stores.users, &user).await;
        let opened = Session {
            user: user.id.clone(),
            generation: 3,
            current: successor(name, at(30)),
            rotated_at: at(20),
            ..session(name, name, at(0))
        };
        let opened = open(&*stores.sessions, opened).await;
        assert_eq!(look_up_both(stores, &opened.id).await, Some((opened, Some(user))), "{name}");
    }
    assert_eq!(look_up_both(stores, &SessionId::stored("joint-none")).await, None);
}

/// Its account may be gone, or in a place that does not know of sessions.
pub async fn a_session_without_an_account_is_still_read(stores: &Stores) {
    let alone = open(&*stores.sessions, session("joint-alone", "joint-nobody", at(0))).await;
    assert_eq!(look_up_both(stores, &alone.id).await, Some((alone, None)));
}

async fn look_up_both(stores: &Stores, id: &SessionId) -> Option<(Session, Option<User>)> {
    stores.session_and_user(id).await.expect("the store answers")
}
