use std::time::Duration;

use super::{Session, SessionId, Successor};
use crate::client::ClientInfo;
use crate::clock::Timestamp;

/// What a client showed to get a new token. Its signature was checked.
#[derive(Debug, Clone)]
pub struct Presented {
    /// Claim `sid`.
    pub session: SessionId,
    /// Claim `gen`.
    pub generation: i64,
    /// Who shows it.
    pub client: ClientInfo,
}

/// The times that decide about a rotation.
#[derive(Debug, Clone, Copy)]
pub struct RotationPolicy {
    /// How long the parent of the present token is forgiven.
    pub grace: Duration,
    /// How long a session may rest.
    pub idle: Duration,
}

/// What a store did about a [`Presented`] token.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Rotation {
    /// The one conditional write won: the session as it is now.
    Rotated(Session),
    /// The parent within the grace: nothing was written, the successor is issued again. `other`
    /// tells whether somebody else asks than the one who rotated.
    Repeated {
        /// The session, unchanged.
        session: Session,
        /// Whether the client differs from the one that rotated.
        other_client: bool,
    },
    /// A token that was replaced before: the session is ended.
    Reused(Session),
    /// The session rested too long or reached its absolute end; it is ended.
    Expired(Session),
    /// There is no such session, or it never issued this token.
    Unknown,
}

/// What the rules say about a presented token; see [`judge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Replace the token.
    Rotate,
    /// Issue the present token again.
    Repeat,
    /// End the session: a replaced token was used.
    Reuse,
    /// End the session: its time is over.
    Expired,
    /// The session never issued this generation.
    Foreign,
}

/// The rules of rotation as a pure function. Stores write by a condition that says the same as
/// [`Verdict::Rotate`] and ask here only when that write found no row.
#[must_use]
pub fn judge(session: &Session, generation: i64, now: Timestamp, policy: &RotationPolicy) -> Verdict {
    let resting = now.since(session.rotated_at);
    if now >= session.absolute_end || resting >= policy.idle {
        return Verdict::Expired;
    }
    match session.generation.checked_sub(generation) {
        Some(0) => Verdict::Rotate,
        Some(1) if resting < policy.grace => Verdict::Repeat,
        Some(behind) if behind > 0 => Verdict::Reuse,
        _ => Verdict::Foreign,
    }
}

impl Session {
    /// The session after one rotation: what a store writes.
    #[must_use]
    pub fn rotated(&self, next: Successor, client: ClientInfo, now: Timestamp) -> Self {
        Self { generation: self.generation + 1, current: next, rotated_at: now, client, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Epoch, UserId};
    use crate::session::TokenId;

    const POLICY: RotationPolicy = RotationPolicy { grace: Duration::from_secs(10), idle: Duration::from_secs(100) };

    fn session(generation: i64, rotated_at: i64, absolute_end: i64) -> Session {
        let at = Timestamp::from_unix_seconds;
        Session {
            id: SessionId::stored("s"),
            user: UserId::stored("u"),
            epoch: Epoch::stored("e"),
            generation,
            current: Successor { jti: TokenId::stored("j"), issued_at: at(0), expires_at: at(60) },
            created_at: at(0),
            rotated_at: at(rotated_at),
            absolute_end: at(absolute_end),
            client: ClientInfo::default(),
        }
    }

    fn verdict(session: &Session, generation: i64, now: i64) -> Verdict {
        judge(session, generation, Timestamp::from_unix_seconds(now), &POLICY)
    }

    #[test]
    fn only_the_present_generation_rotates() {
        let session = session(3, 50, 1_000);
        assert_eq!(verdict(&session, 3, 60), Verdict::Rotate);
        assert_eq!(verdict(&session, 4, 60), Verdict::Foreign);
        assert_eq!(verdict(&session, i64::MIN, 60), Verdict::Foreign);
        assert_eq!(verdict(&session, 1, 51), Verdict::Reuse);
    }

    #[test]
    fn the_parent_is_forgiven_until_the_grace_ends() {
        let session = session(3, 50, 1_000);
        assert_eq!(verdict(&session, 2, 59), Verdict::Repeat);
        assert_eq!(verdict(&session, 2, 60), Verdict::Reuse);
    }

    #[test]
    fn idle_and_absolute_ends_are_sharp() {
        assert_eq!(verdict(&session(0, 50, 1_000), 0, 149), Verdict::Rotate);
        assert_eq!(verdict(&session(0, 50, 1_000), 0, 150), Verdict::Expired);
        assert_eq!(verdict(&session(0, 990, 1_000), 0, 999), Verdict::Rotate);
        assert_eq!(verdict(&session(0, 990, 1_000), 0, 1_000), Verdict::Expired);
    }

    #[test]
    fn a_clock_that_goes_back_signs_nobody_out() {
        assert_eq!(verdict(&session(0, 50, 1_000), 0, 10), Verdict::Rotate);
    }
}
