//! Races over mail jobs.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::{Tally, contend, first};
use crate::store::{Cas, Delivery, OutboxStore};
use crate::testing::store::actors::{at, job, worker};
use crate::testing::store::outbox::empty;

/// Each job goes to one worker, once.
pub async fn claims_of_the_same_jobs(instances: &[Arc<dyn OutboxStore>], rounds: u32) -> Tally {
    const JOBS: usize = 8;
    const WORKERS: usize = 4;
    let mut winners = 0;
    for round in 0..rounds {
        let outbox = first(instances);
        empty(outbox).await;
        for number in 0..JOBS {
            let name = format!("claim race {round}/{number}");
            outbox.put(job(&name, &name, at(0))).await.expect("put");
        }
        let claimed = contend(instances, WORKERS, |outbox, number| async move {
            let worker = worker(&format!("worker {number}"));
            let mut mine = Vec::new();
            loop {
                let jobs = outbox.claim(&worker, at(1), Duration::from_secs(60), 2).await.expect("claim");
                if jobs.is_empty() {
                    return mine;
                }
                for job in jobs {
                    let done = outbox.finish(&job.id, &worker, Delivery::Done, at(2)).await.expect("finish");
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
