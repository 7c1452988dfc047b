//! The properties of accounts and sessions together, as [`Stores`] read them: by a
//! [`JointStore`](crate::store::JointStore), or one after the other.

use super::actors::{
    POLICY, at, browser, epoch, newcomer, newcomer_with_email, open, present, read, session, sign_up, successor,
};
use super::property::properties;
use crate::account::User;
use crate::client::ClientInfo;
use crate::session::{Rotation, Session};
use crate::store::{Revoke, Stores};

crate::__joint_properties! { { properties } joint: Stores; }

/// Every field of both, each session with its own account, and nothing under an id of neither.
pub async fn a_session_is_read_with_its_account(stores: &Stores) {
    let users = &*stores.users;
    let ann = sign_up(users, newcomer_with_email("joint-ann", "joint-ann@x.org")).await;
    users.signed_in(&ann.id, at(7)).await.expect("a note of the sign-in");
    let bob = sign_up(users, newcomer("joint-bob")).await;
    users.set_active(&bob.id, false, epoch("joint")).await.expect("an account that sleeps");
    let mut pairs = Vec::new();
    for (name, user, client) in [("joint-1", ann, browser()), ("joint-2", bob, ClientInfo::default())] {
        let user = read(users, &user).await;
        let current = successor(name, at(30));
        let session = Session { user: user.id.clone(), generation: 3, current, client, ..session(name, name, at(9)) };
        let session = open(&*stores.sessions, Session { rotated_at: at(20), ..session }).await;
        pairs.push((session, Some(user)));
    }
    for pair in pairs {
        assert_eq!(look_up_both(stores, &pair.0).await, Some(pair));
    }
    assert_eq!(look_up_both(stores, &session("joint-none", "joint-none", at(0))).await, None);
}

/// Its account may be gone, or in a place that does not know of sessions.
pub async fn a_session_without_an_account_is_still_read(stores: &Stores) {
    sign_up(&*stores.users, newcomer("joint-bystander")).await;
    let alone = open(&*stores.sessions, session("joint-alone", "joint-nobody", at(0))).await;
    assert_eq!(look_up_both(stores, &alone).await, Some((alone, None)));
}

/// Whoever remembers what was read lets in who was shut out.
pub async fn what_is_read_together_is_of_this_moment(stores: &Stores) {
    let user = sign_up(&*stores.users, newcomer("joint-changing")).await;
    let opened = Session { user: user.id.clone(), ..session("joint-changing", "joint-changing", at(0)) };
    let opened = open(&*stores.sessions, opened).await;
    assert_eq!(look_up_both(stores, &opened).await, Some((opened.clone(), Some(user.clone()))));

    stores.users.set_epoch(&user.id, epoch("joint-next")).await.expect("a new epoch");
    stores.users.set_active(&user.id, false, epoch("joint-last")).await.expect("an account that sleeps");
    let changed = read(&*stores.users, &user).await;
    assert_ne!(changed, user);
    let next = successor("joint-next", at(1));
    let rotation = stores.sessions.rotate(present(&opened, 0), next, at(1), &POLICY).await.expect("rotate");
    let Rotation::Rotated(rotated) = rotation else { panic!("the present token") };
    assert_eq!(look_up_both(stores, &rotated).await, Some((rotated.clone(), Some(changed))));

    let revoked = stores.sessions.revoke(Revoke::One(&user.id, &opened.id)).await;
    assert_eq!(revoked.expect("a session that is ended"), 1);
    assert_eq!(look_up_both(stores, &opened).await, None);
}

async fn look_up_both(stores: &Stores, session: &Session) -> Option<(Session, Option<User>)> {
    stores.session_and_user(&session.id).await.expect("the store answers")
}
