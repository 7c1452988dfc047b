//! The properties of accounts and sessions together, as [`Stores`] read them: by a
//! [`JointStore`](crate::store::JointStore), or one after the other.

use super::actors::{at, newcomer_with_email, open, session, sign_up};
use super::property::properties;
use crate::session::{Session, SessionId};
use crate::store::Stores;

crate::__joint_properties! { { properties } joint: Stores; }

/// Every field of both, each account with its own session.
pub async fn a_session_is_read_with_its_account(stores: &Stores) {
    for name in ["joint one", "joint two"] {
        let user = sign_up(&*stores.users, newcomer_with_email(name, &format!("{name}@x.org").replace(' ', "-"))).await;
        stores.users.signed_in(&user.id, at(7)).await.expect("a note of the sign-in");
        let user = stores.users.by_id(&user.id).await.expect("the store answers");
        let owner = user.as_ref().expect("the account is there").id.clone();
        let session = open(&*stores.sessions, Session { user: owner, ..session(name, name, at(0)) }).await;
        let read = stores.session_and_user(&session.id).await.expect("the store answers");
        assert_eq!(read, Some((session, user)), "{name}");
    }
}

/// Its account may be gone, or in a place that does not know of sessions.
pub async fn a_session_without_an_account_is_still_read(stores: &Stores) {
    let session = open(&*stores.sessions, session("joint alone", "joint nobody", at(0))).await;
    let read = stores.session_and_user(&session.id).await.expect("the store answers");
    assert_eq!(read, Some((session, None)));
}

/// However many accounts there are.
pub async fn no_session_is_read_with_no_account(stores: &Stores) {
    sign_up(&*stores.users, newcomer_with_email("joint idle", "joint-idle@x.org")).await;
    let nowhere = SessionId::stored("joint nowhere");
    assert_eq!(stores.session_and_user(&nowhere).await.expect("the store answers"), None);
}
