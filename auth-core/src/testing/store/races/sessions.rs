//! Races over sessions.

use std::sync::Arc;

use super::{CONTENDERS, Tally, contend, first, turn};
use crate::session::Rotation;
use crate::store::{Revoke, SessionStore};
use crate::testing::store::actors::{POLICY, at, look_up, open, present, session, successor};

/// One rotation; the rest get the same successor, and nobody is signed out.
pub async fn rotations_of_one_token(instances: &[Arc<dyn SessionStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let sessions = first(instances);
        let session = open(sessions, session(&format!("rotation race {round}"), "racer", at(0))).await;
        let rotations = contend(instances, CONTENDERS, |sessions, number| {
            let presented = present(&session, 0);
            async move {
                let next = successor(&format!("rotation race {round}/{number}"), at(1));
                sessions.rotate(presented, next, at(1), &POLICY).await.expect("rotate")
            }
        });
        let rotations = rotations.await;
        let present = look_up(sessions, &session).await.expect("nobody is signed out");
        let rotated = |rotation: &&Rotation| matches!(rotation, Rotation::Rotated(_));
        assert_eq!(rotations.iter().filter(rotated).count(), 1, "round {round}: {rotations:?}");
        for rotation in &rotations {
            let (Rotation::Rotated(session) | Rotation::Repeated { session, other_client: false }) = rotation else {
                panic!("round {round}: {rotation:?}");
            };
            assert_eq!(*session, present, "round {round}: another successor");
        }
        winners += 1;
    }
    Tally { race: "rotations of one token", rounds, contenders: CONTENDERS, winners }
}

/// After a sign-out no rotation that was under way brings the session back.
pub async fn a_sign_out_against_rotations(instances: &[Arc<dyn SessionStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let sessions = first(instances);
        let user = format!("sign-out race {round}");
        let session = open(sessions, session(&user, &user, at(0))).await;
        let revoked = contend(instances, CONTENDERS, |sessions, number| {
            let (presented, user) = (present(&session, 0), session.user.clone());
            async move {
                if number == turn(round, CONTENDERS) {
                    return sessions.revoke(Revoke::All(&user)).await.expect("revoke");
                }
                let next = successor(&format!("sign-out race {round}/{number}"), at(1));
                let _ = sessions.rotate(presented, next, at(1), &POLICY).await.expect("rotate");
                0
            }
        });
        assert_eq!(revoked.await.into_iter().sum::<u64>(), 1, "round {round}: the sign-out missed the session");
        assert_eq!(look_up(sessions, &session).await, None, "round {round}: the session came back");
        winners += 1;
    }
    Tally { race: "a sign-out against rotations", rounds, contenders: CONTENDERS, winners }
}
