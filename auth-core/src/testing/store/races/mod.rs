//! What must have one winner, with real concurrency.
//!
//! Each race starts its contenders at one barrier, spread over several instances of one store, and
//! is run `rounds` times. Run them on a runtime with several threads.

mod attempts;

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Barrier;

use super::actors::{
    POLICY, ask_to_restore, at, epoch, hash, id, job, look_up, newcomer, newcomer_with_email, open, owner, present,
    read, session, sign_up, successor, worker,
};
use super::outbox::empty;
use crate::session::Rotation;
use crate::store::{Cas, Delivery, EpochRule, Revoke, StoreError, Stores, Unique};

pub use attempts::{a_pause_that_is_over, wrong_passwords_of_a_hundred_clients, wrong_passwords_of_one_client};

/// How many ask at once.
pub const CONTENDERS: usize = 16;

/// How a race went: there was one winner in each round, or it would have panicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The race.
    pub race: &'static str,
    /// How often it was run.
    pub rounds: u32,
    /// How many asked at once.
    pub contenders: usize,
    /// How many won, over all rounds.
    pub winners: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { race, rounds, contenders, winners } = self;
        write!(f, "{race}: {rounds} rounds of {contenders}, {winners} winners")
    }
}

/// Every race, on `instances` that share one database. Those of a hundred are run a tenth as often.
pub async fn run_all(instances: &[Stores], rounds: u32) -> Vec<Tally> {
    vec![
        sign_ups_of_one_name(instances, rounds).await,
        sign_ups_of_one_address(instances, rounds).await,
        uses_of_one_restoring_token(instances, rounds).await,
        changes_of_one_password(instances, rounds).await,
        a_rehash_against_a_change(instances, rounds).await,
        a_restore_against_a_change(instances, rounds).await,
        rotations_of_one_token(instances, rounds).await,
        a_sign_out_against_rotations(instances, rounds).await,
        claims_of_the_same_jobs(instances, rounds).await,
        a_pause_that_is_over(instances, rounds).await,
        wrong_passwords_of_one_client(instances, rounds.div_ceil(10)).await,
        wrong_passwords_of_a_hundred_clients(instances, rounds.div_ceil(10)).await,
    ]
}

/// One account, the rest is told that the name is taken.
pub async fn sign_ups_of_one_name(instances: &[Stores], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let inserted = contend(instances, CONTENDERS, |stores, number| async move {
            let spelling = if number % 2 == 0 { "race NAME" } else { "Race name" };
            let new = newcomer(&format!("{spelling} {round}"));
            stores.users.insert(crate::account::NewUser { id: id(&format!("{round}/{number}")), ..new }).await
        });
        winners += the_winner(inserted.await, Unique::Login);
    }
    Tally { race: "sign-ups of one name", rounds, contenders: CONTENDERS, winners }
}

/// One account, the rest is told that the address is taken.
pub async fn sign_ups_of_one_address(instances: &[Stores], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let inserted = contend(instances, CONTENDERS, |stores, number| async move {
            let email = format!("{}.{round}@example.org", if number % 2 == 0 { "RACE" } else { "race" });
            stores.users.insert(newcomer_with_email(&format!("address race {round} {number}"), &email)).await
        });
        winners += the_winner(inserted.await, Unique::Email);
    }
    Tally { race: "sign-ups of one address", rounds, contenders: CONTENDERS, winners }
}

/// One winner, and only its password works.
pub async fn uses_of_one_restoring_token(instances: &[Stores], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let users = &*first(instances).users;
        let user = sign_up(users, newcomer(&format!("restore race {round}"))).await;
        let token = format!("restore race token {round}");
        let proof = ask_to_restore(users, &user, &token).await;
        let restored = contend(instances, CONTENDERS, |stores, number| {
            let proof = proof.clone();
            async move {
                let new = format!("restored by {number}");
                stores.users.restore_password(&proof, &hash(&new), epoch(&new)).await.expect("restore_password")
            }
        });
        let won: Vec<_> = restored.await.into_iter().flatten().collect();
        assert_eq!(won, [read(users, &user).await], "round {round}: not exactly one winner whose password works");
        assert_eq!(owner(users, &token).await, None);
        winners += won.len();
    }
    Tally { race: "uses of one restoring token", rounds, contenders: CONTENDERS, winners }
}

/// One winner among changes that read the same hash.
pub async fn changes_of_one_password(instances: &[Stores], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let users = &*first(instances).users;
        let user = sign_up(users, newcomer(&format!("change race {round}"))).await;
        let changed = contend(instances, CONTENDERS, |stores, number| {
            let user = user.clone();
            async move {
                let new = hash(&format!("changed by {number}"));
                let rule = EpochRule::New(epoch(&format!("change {round} {number}")));
                let cas = stores.users.set_password(&user.id, Some(&user.password), &new, rule).await;
                (cas.expect("set_password") == Cas::Won).then_some(new)
            }
        });
        let won: Vec<_> = changed.await.into_iter().flatten().collect();
        assert_eq!(won, [read(users, &user).await.password], "round {round}: not exactly one winner");
        winners += won.len();
    }
    Tally { race: "changes of one password", rounds, contenders: CONTENDERS, winners }
}

/// Whoever writes first, the changed password stays and its epoch is the valid one.
pub async fn a_rehash_against_a_change(instances: &[Stores], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let users = &*first(instances).users;
        let user = sign_up(users, newcomer(&format!("rehash race {round}"))).await;
        let ended = contend(instances, CONTENDERS, |stores, number| {
            let user = user.clone();
            async move {
                let (read, new, rule) = match number {
                    0 => (None, "changed", EpochRule::New(epoch(&format!("rehash race {round}")))),
                    _ => (Some(&user.password), "rehashed", EpochRule::Keep),
                };
                stores.users.set_password(&user.id, read, &hash(new), rule).await.expect("set_password")
            }
        });
        let ended = ended.await;
        let now = read(users, &user).await;
        assert_eq!(ended.first(), Some(&Cas::Won), "round {round}: the change was refused");
        assert_eq!(now.password, hash("changed"), "round {round}: a rehash overwrote the change");
        assert_ne!(now.epoch, user.epoch, "round {round}: the change began no epoch");
        winners += 1;
    }
    Tally { race: "a rehash against a change", rounds, contenders: CONTENDERS, winners }
}

/// A change that comes first ends the link; a link that comes first is what the change then overwrites.
pub async fn a_restore_against_a_change(instances: &[Stores], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let users = &*first(instances).users;
        let user = sign_up(users, newcomer(&format!("link race {round}"))).await;
        let proof = ask_to_restore(users, &user, &format!("link race token {round}")).await;
        let won = contend(instances, 2, |stores, number| {
            let proof = proof.clone();
            async move {
                if number == 0 {
                    let restored = stores.users.restore_password(&proof, &hash("restored"), epoch("restored")).await;
                    return restored.expect("restore_password").is_some();
                }
                let (new, rule) = (hash("changed"), EpochRule::New(epoch("changed")));
                let changed = stores.users.set_password(&proof.user, Some(&proof.password), &new, rule).await;
                changed.expect("set_password") == Cas::Won
            }
        });
        let won = won.await;
        let password = read(users, &user).await.password;
        assert_eq!(won, [password == hash("restored"), password == hash("changed")], "round {round}");
        winners += won.into_iter().filter(|won| *won).count();
    }
    Tally { race: "a restore against a change", rounds, contenders: 2, winners }
}

/// One rotation; the rest get the same successor, and nobody is signed out.
pub async fn rotations_of_one_token(instances: &[Stores], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let sessions = &*first(instances).sessions;
        let session = open(sessions, session(&format!("rotation race {round}"), "racer", at(0))).await;
        let rotations = contend(instances, CONTENDERS, |stores, number| {
            let presented = present(&session, 0);
            async move {
                let next = successor(&format!("rotation race {round}/{number}"), at(1));
                stores.sessions.rotate(presented, next, at(1), &POLICY).await.expect("rotate")
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
pub async fn a_sign_out_against_rotations(instances: &[Stores], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let sessions = &*first(instances).sessions;
        let user = format!("sign-out race {round}");
        let session = open(sessions, session(&user, &user, at(0))).await;
        let revoked = contend(instances, CONTENDERS, |stores, number| {
            let (presented, user) = (present(&session, 0), session.user.clone());
            async move {
                if number == 0 {
                    return stores.sessions.revoke(Revoke::All(&user)).await.expect("revoke");
                }
                let next = successor(&format!("sign-out race {round}/{number}"), at(1));
                let _ = stores.sessions.rotate(presented, next, at(1), &POLICY).await.expect("rotate");
                0
            }
        });
        assert_eq!(revoked.await.into_iter().sum::<u64>(), 1, "round {round}: the sign-out missed the session");
        assert_eq!(look_up(sessions, &session).await, None, "round {round}: the session came back");
        winners += 1;
    }
    Tally { race: "a sign-out against rotations", rounds, contenders: CONTENDERS, winners }
}

/// Each job goes to one worker, once.
pub async fn claims_of_the_same_jobs(instances: &[Stores], rounds: u32) -> Tally {
    const JOBS: usize = 8;
    const WORKERS: usize = 4;
    let mut winners = 0;
    for round in 0..rounds {
        let outbox = &*first(instances).outbox;
        empty(outbox).await;
        for number in 0..JOBS {
            let name = format!("claim race {round}/{number}");
            outbox.put(job(&name, &name, at(0))).await.expect("put");
        }
        let claimed = contend(instances, WORKERS, |stores, number| async move {
            let worker = worker(&format!("worker {number}"));
            let mut mine = Vec::new();
            loop {
                let jobs = stores.outbox.claim(&worker, at(1), Duration::from_secs(60), 2).await.expect("claim");
                if jobs.is_empty() {
                    return mine;
                }
                for job in jobs {
                    let done = stores.outbox.finish(&job.id, &worker, Delivery::Done, at(2)).await.expect("finish");
                    assert_eq!(done, Cas::Won, "a lease was lost");
                    mine.push((job.id, job.attempts));
                }
            }
        });
        let mut deliveries = HashMap::new();
        for (job, attempts) in claimed.await.into_iter().flatten() {
            assert_eq!(attempts, 1, "round {round}: an attempt that nobody made");
            *deliveries.entry(job).or_insert(0) += 1;
        }
        assert_eq!(deliveries.len(), JOBS, "round {round}: a job was lost");
        assert!(deliveries.values().all(|times| *times == 1), "round {round}: a job was delivered twice");
        winners += deliveries.len();
    }
    Tally { race: "claims of the same 8 jobs", rounds, contenders: WORKERS, winners }
}

/// Starts `contenders` at once, spread over the instances, and waits for all of them.
async fn contend<T, F>(instances: &[Stores], contenders: usize, run: impl Fn(Stores, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(contenders));
    let mut tasks = Vec::new();
    for (number, stores) in instances.iter().cycle().take(contenders).enumerate() {
        let (barrier, contender) = (barrier.clone(), run(stores.clone(), number));
        tasks.push(tokio::spawn(async move {
            barrier.wait().await;
            contender.await
        }));
    }
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.expect("a contender panicked"));
    }
    results
}

fn first(instances: &[Stores]) -> &Stores {
    instances.first().expect("at least one instance")
}

/// Exactly one insert was accepted, and `unique` refused all others.
fn the_winner<T>(inserted: Vec<Result<T, StoreError>>, unique: Unique) -> usize {
    let mut winners = 0;
    for result in inserted {
        match result {
            Ok(_) => winners += 1,
            Err(StoreError::Conflict(refused)) if refused == unique => {}
            Err(error) => panic!("a contender met {error:?}"),
        }
    }
    assert_eq!(winners, 1, "not exactly one account");
    winners
}
