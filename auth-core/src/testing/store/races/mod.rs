//! What must have one winner, with real concurrency.
//!
//! Each race starts its contenders at one barrier, spread over several instances of one store, and
//! is run `rounds` times. Run them on a runtime with several threads.

pub mod attempts;
pub mod outbox;
pub mod sessions;
pub mod users;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tokio::sync::Barrier;

use super::Property;
use super::macros::each;
use crate::store::Stores;

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

/// Every race, on `instances` that share one database. Those about attempts have up to a hundred
/// contenders and are run a tenth as often.
pub async fn run_all(instances: &[Stores], rounds: u32) -> Vec<Tally> {
    let mut tallies = Vec::new();
    let few = rounds.div_ceil(10);
    hold(super::users::PROPERTIES, &each(instances, |stores| stores.users.clone()), rounds, &mut tallies).await;
    hold(super::sessions::PROPERTIES, &each(instances, |stores| stores.sessions.clone()), rounds, &mut tallies).await;
    hold(super::outbox::PROPERTIES, &each(instances, |stores| stores.outbox.clone()), rounds, &mut tallies).await;
    hold(super::attempts::PROPERTIES, &each(instances, |stores| stores.attempts.clone()), few, &mut tallies).await;
    tallies
}

async fn hold<S: ?Sized>(properties: &[Property<S>], instances: &[Arc<S>], rounds: u32, tallies: &mut Vec<Tally>) {
    for race in properties.iter().filter(|property| property.is_race()) {
        tallies.extend(race.hold(instances, rounds).await);
    }
}

/// Starts `contenders` at once, spread over the instances, and waits for all of them.
async fn contend<S, T, F>(instances: &[Arc<S>], contenders: usize, run: impl Fn(Arc<S>, usize) -> F) -> Vec<T>
where
    S: ?Sized,
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(contenders));
    let mut tasks = Vec::new();
    for (number, store) in instances.iter().cycle().take(contenders).enumerate() {
        let (barrier, contender) = (barrier.clone(), run(store.clone(), number));
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

/// Who does what the others do not: another one in each round, as the last at the barrier is often
/// the first behind it.
fn turn(round: u32, contenders: usize) -> usize {
    usize::try_from(round).map_or(0, |round| round % contenders)
}

/// The instance that prepares a round and looks at its end.
fn first<S: ?Sized>(instances: &[Arc<S>]) -> &S {
    instances.first().expect("at least one instance")
}
