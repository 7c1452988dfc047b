//! Who and what the suite tells of: accounts, sessions and jobs, each made from a name.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::account::{EmailAddress, Epoch, Login, NewUser, User, UserId, Username};
use crate::client::ClientInfo;
use crate::clock::Timestamp;
use crate::mail::MessageKind;
use crate::password::PasswordHash;
use crate::restore::TokenDigest;
use crate::session::{NewSession, Presented, RotationPolicy, Session, SessionId, Successor, TokenId};
use crate::store::{
    JobGroup, JobId, NewJob, PresentedRestore, RestoreProof, Sealed, SessionStore, UserStore, WorkerId,
};

pub(super) const POLICY: RotationPolicy =
    RotationPolicy { grace: Duration::from_secs(10), idle: Duration::from_secs(1_000) };

/// `seconds` after the moment at which the suite begins.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000 + seconds)
}

pub(super) fn id(name: &str) -> UserId {
    let digest = Sha256::digest(name);
    let bytes = std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default());
    UserId::stored(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// An account about to be made, without an address.
pub(super) fn newcomer(name: &str) -> NewUser {
    NewUser {
        id: id(name),
        username: name.parse().expect("a username"),
        login: login(name),
        email: None,
        password: hash(name),
        epoch: Epoch::stored(format!("{}-0", id(name))),
        date_joined: at(0),
        attributes: serde_json::Map::new(),
    }
}

pub(super) fn newcomer_with_email(name: &str, email: &str) -> NewUser {
    NewUser { email: Some(address(email)), ..newcomer(name) }
}

/// An account about to be made with its address as name.
pub(super) fn newcomer_named_by_email(email: &str) -> NewUser {
    let address = address(email);
    let username = Username::from(&address);
    NewUser { id: id(email), username, login: login(email), email: Some(address), ..newcomer("by address") }
}

pub(super) async fn sign_up(users: &dyn UserStore, new: NewUser) -> User {
    users.insert(new).await.expect("a free name is accepted")
}

pub(super) async fn read(users: &dyn UserStore, user: &User) -> User {
    users.by_id(&user.id).await.expect("the store answers").expect("the account is there")
}

pub(super) fn login(name: &str) -> Login {
    Login::parse(name).expect("a login")
}

pub(super) fn address(text: &str) -> EmailAddress {
    text.parse().expect("an address")
}

pub(super) fn hash(text: &str) -> PasswordHash {
    PasswordHash::stored(format!("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA${text}"))
}

pub(super) fn epoch(text: &str) -> Epoch {
    Epoch::stored(text)
}

pub(super) fn digest(text: &str) -> TokenDigest {
    TokenDigest::of(text.as_bytes())
}

/// Makes the digest of `token` the live one of the account: what a later restore is checked against.
pub(super) async fn ask_to_restore(users: &dyn UserStore, user: &User, token: &str) -> RestoreProof {
    users.set_restoring_token(&user.id, Some(&digest(token))).await.expect("the store answers");
    let user = read(users, user).await;
    RestoreProof {
        user: user.id,
        digest: digest(token),
        legacy: None,
        password: user.password,
        email: user.email,
        epoch: user.epoch,
    }
}

/// Whose live restoring token this is.
pub(super) async fn owner(users: &dyn UserStore, token: &str) -> Option<UserId> {
    let presented = PresentedRestore { digest: digest(token), legacy: None };
    users.by_restoring_token(&presented).await.expect("the store answers").map(|user| user.id)
}

pub(super) fn browser() -> ClientInfo {
    ClientInfo::new(Some([192, 0, 2, 1].into()), Some("a browser"))
}

pub(super) fn session(name: &str, user: &str, opened: Timestamp) -> Session {
    Session {
        id: SessionId::stored(name),
        user: id(user),
        epoch: epoch("at sign-in"),
        generation: 0,
        current: successor(&format!("{name}-0"), opened),
        created_at: opened,
        rotated_at: opened,
        absolute_end: opened + Duration::from_secs(5_000),
        client: browser(),
    }
}

pub(super) async fn open(sessions: &dyn SessionStore, session: Session) -> Session {
    sessions.open(NewSession::unproven_for_tests(session.clone())).await.expect("a new session is accepted");
    session
}

pub(super) async fn look_up(sessions: &dyn SessionStore, session: &Session) -> Option<Session> {
    sessions.get(&session.id).await.expect("the store answers")
}

pub(super) fn successor(jti: &str, now: Timestamp) -> Successor {
    Successor { jti: TokenId::stored(jti), issued_at: now, expires_at: now + Duration::from_secs(60) }
}

pub(super) fn present(session: &Session, generation: i64) -> Presented {
    Presented { session: session.id.clone(), generation, client: browser() }
}

pub(super) fn job(name: &str, group: &str, asked: Timestamp) -> NewJob {
    NewJob {
        id: JobId::stored(name),
        kind: MessageKind::Restore,
        group: JobGroup::stored(group),
        sealed: Sealed::stored(format!("sealed {name}")),
        created_at: asked,
    }
}

pub(super) fn worker(name: &str) -> WorkerId {
    WorkerId::stored(name)
}

/// More than any verb needs.
const MOST_POLLS: u32 = 10_000;

/// Tells a story again and again, in which something is dropped after so many polls, until it says
/// that there was nothing left to drop.
pub(super) async fn at_each_await(story: impl AsyncFn(u32) -> bool) {
    for polls in 0..MOST_POLLS {
        if story(polls).await {
            return;
        }
    }
    panic!("it is not done after {MOST_POLLS} polls");
}

/// Drops a future unless it is ready after `polls` polls.
pub(super) async fn drop_after<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        let Some(after) = left.checked_sub(1) else { return Poll::Ready(None) };
        left = after;
        future.as_mut().poll(context).map(Some)
    })
    .await
}
