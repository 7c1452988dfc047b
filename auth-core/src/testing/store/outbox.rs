//! The properties of an [`OutboxStore`].

use std::time::Duration;

use super::actors::{at, at_each_await, drop_after, job, worker};
use super::property::properties;
use crate::clock::Timestamp;
use crate::mail::MessageKind;
use crate::store::{Cas, Delivery, Job, JobId, NewJob, OutboxStore};

const LEASE: Duration = Duration::from_secs(60);

crate::__outbox_store_properties! { { properties } outbox: dyn OutboxStore; }

/// Every field, and the first attempt.
pub async fn a_job_is_given_at_once_as_it_was_put(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    for kind in MessageKind::ALL {
        let put = NewJob { kind, ..job(kind.as_str(), kind.as_str(), at(0)) };
        outbox.put(put.clone()).await.expect("put");
        let given = the_one(claim(outbox, "w", at(0)).await);
        assert_eq!((given.id, given.kind, given.sealed), (put.id, put.kind, put.sealed));
        assert_eq!((given.created_at, given.attempts), (at(0), 1));
    }
}

/// An id that is there already is a failure, not another job.
pub async fn a_job_is_never_overwritten(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    let first = job("written", "written", at(0));
    outbox.put(first.clone()).await.expect("put");
    assert!(outbox.put(NewJob { sealed: job("other", "written", at(1)).sealed, ..first.clone() }).await.is_err());
    assert_eq!(the_one(claim(outbox, "w", at(2)).await).sealed, first.sealed);
}

/// A claim takes the longest due first.
pub async fn jobs_are_given_oldest_first_up_to_the_limit(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    for number in [2, 0, 3, 1] {
        outbox.put(job(&format!("order {number}"), &format!("order {number}"), at(number))).await.expect("put");
    }
    let claim = async |limit| names(outbox.claim(&worker("w"), at(9), LEASE, limit).await.expect("claim"));
    assert_eq!(claim(0).await, [""; 0]);
    assert_eq!(claim(3).await, ["order 0", "order 1", "order 2"]);
    assert_eq!(claim(3).await, ["order 3"]);
}

/// A lease that has run out counts as none; each claim counts as an attempt.
pub async fn a_leased_job_is_given_again_when_its_lease_has_run_out(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    outbox.put(job("lease", "lease", at(0))).await.expect("put");
    assert_eq!(the_one(claim(outbox, "first", at(0)).await).attempts, 1);
    assert_eq!(names(claim(outbox, "second", just_before(at(60))).await), [""; 0]);
    assert_eq!(the_one(claim(outbox, "second", at(60)).await).attempts, 2);
}

/// The older ones are gone for good; other groups are untouched.
pub async fn only_the_newest_job_of_a_group_is_given(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    for (name, group, asked) in [("old", "one", 0), ("newest", "one", 2), ("middle", "one", 1), ("other", "two", 0)] {
        outbox.put(job(name, group, at(asked))).await.expect("put");
    }
    assert_eq!(names(claim(outbox, "w", at(3)).await), ["other", "newest"]);
    assert_eq!(finish(outbox, "newest", "w", Delivery::Done, at(3)).await, Cas::Won);
    assert_eq!(finish(outbox, "other", "w", Delivery::Done, at(3)).await, Cas::Won);
    assert_eq!(names(claim(outbox, "w", at(9_999)).await), [""; 0]);
}

/// Two mails to one address are never under way together.
pub async fn a_group_waits_while_one_of_its_jobs_is_leased(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    outbox.put(job("under way", "group", at(0))).await.expect("put");
    assert_eq!(names(claim(outbox, "w", at(0)).await), ["under way"]);
    outbox.put(job("newer", "group", at(1))).await.expect("put");
    assert_eq!(names(claim(outbox, "v", at(1)).await), [""; 0]);
    assert_eq!(finish(outbox, "under way", "w", Delivery::Done, at(2)).await, Cas::Won);
    assert_eq!(names(claim(outbox, "v", at(2)).await), ["newer"]);
}

/// A failed mail gives way to the one that was asked for later.
pub async fn a_job_that_waits_for_another_try_is_replaced_by_a_newer_one(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    outbox.put(job("failed", "group", at(0))).await.expect("put");
    claim(outbox, "w", at(0)).await;
    assert_eq!(finish(outbox, "failed", "w", Delivery::RetryAt(at(500)), at(1)).await, Cas::Won);
    outbox.put(job("newer", "group", at(2))).await.expect("put");
    assert_eq!(names(claim(outbox, "w", at(2)).await), ["newer"]);
    assert_eq!(finish(outbox, "newer", "w", Delivery::Done, at(3)).await, Cas::Won);
    assert_eq!(names(claim(outbox, "w", at(500)).await), [""; 0]);
}

/// [`Delivery::Done`].
pub async fn a_job_that_is_done_is_forgotten(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    outbox.put(job("done", "done", at(0))).await.expect("put");
    claim(outbox, "w", at(0)).await;
    assert_eq!(finish(outbox, "done", "w", Delivery::Done, at(1)).await, Cas::Won);
    assert_eq!(names(claim(outbox, "w", at(9_999)).await), [""; 0]);
}

/// [`Delivery::RetryAt`] gives the lease back.
pub async fn a_job_is_tried_again_from_the_moment_named(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    outbox.put(job("retry", "retry", at(0))).await.expect("put");
    claim(outbox, "w", at(0)).await;
    assert_eq!(finish(outbox, "retry", "w", Delivery::RetryAt(at(10)), at(1)).await, Cas::Won);
    assert_eq!(names(claim(outbox, "v", just_before(at(10))).await), [""; 0]);
    let again = the_one(claim(outbox, "v", at(10)).await);
    assert_eq!((again.attempts, again.created_at), (2, at(0)));
}

/// [`Delivery::Dead`] ends a job, not its group: an older or newer one is still delivered.
pub async fn a_dead_job_is_never_given_and_holds_up_nobody(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    outbox.put(job("dead", "grave", at(5))).await.expect("put");
    claim(outbox, "w", at(5)).await;
    assert_eq!(finish(outbox, "dead", "w", Delivery::Dead("no such mailbox".into()), at(6)).await, Cas::Won);
    assert_eq!(names(claim(outbox, "w", at(9_999)).await), [""; 0]);
    for (name, asked) in [("before", 4), ("after", 7)] {
        outbox.put(job(name, "grave", at(asked))).await.expect("put");
        assert_eq!(names(claim(outbox, "w", at(asked)).await), [name]);
        assert_eq!(finish(outbox, name, "w", Delivery::Done, at(asked)).await, Cas::Won);
    }
    assert_eq!(finish(outbox, "dead", "w", Delivery::Done, at(6)).await, Cas::Lost);
}

/// [`OutboxStore::purge_dead`].
pub async fn a_purge_forgets_old_dead_jobs_and_nothing_else(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    for (name, asked) in [("young", 3), ("old", 1), ("oldest", 0), ("at the moment", 2)] {
        bury(outbox, name, asked).await;
    }
    for (name, asked) in [("waiting", 0), ("leased", 1)] {
        outbox.put(job(name, name, at(asked))).await.expect("put");
    }
    assert_eq!(names(outbox.claim(&worker("v"), at(1), LEASE, 2).await.expect("claim")), ["waiting", "leased"]);
    assert_eq!(finish(outbox, "waiting", "v", Delivery::RetryAt(at(500)), at(2)).await, Cas::Won);
    for (before, limit, purged) in [(0, 9, 0), (2, 0, 0), (2, 1, 1), (2, 9, 1), (2, 9, 0), (3, 9, 1), (900, 9, 1)] {
        assert_eq!(outbox.purge_dead(at(before), limit).await.expect("purge"), purged, "before {before}");
    }
    assert_eq!(finish(outbox, "leased", "v", Delivery::Done, at(4)).await, Cas::Won);
    assert_eq!(names(claim(outbox, "w", at(500)).await), ["waiting"]);
}

/// Another worker, an unknown job, a second time, and a lease that has run out all lose.
pub async fn only_the_holder_of_a_lease_finishes(outbox: &dyn OutboxStore) {
    empty(outbox).await;
    outbox.put(job("held", "held", at(0))).await.expect("put");
    assert_eq!(finish(outbox, "held", "w", Delivery::Done, at(0)).await, Cas::Lost);
    claim(outbox, "w", at(0)).await;
    assert_eq!(finish(outbox, "held", "v", Delivery::Done, at(1)).await, Cas::Lost);
    assert_eq!(finish(outbox, "not there", "w", Delivery::Done, at(1)).await, Cas::Lost);
    for how in [Delivery::Done, Delivery::RetryAt(at(70)), Delivery::Dead("too late".into())] {
        assert_eq!(finish(outbox, "held", "w", how, at(60)).await, Cas::Lost);
    }
    claim(outbox, "v", at(60)).await;
    assert_eq!(finish(outbox, "held", "w", Delivery::Done, at(61)).await, Cas::Lost);
    assert_eq!(finish(outbox, "held", "v", Delivery::Done, just_before(at(120))).await, Cas::Won);
    assert_eq!(finish(outbox, "held", "v", Delivery::Done, at(61)).await, Cas::Lost);
}

/// [`OutboxStore::put`].
pub async fn a_dropped_put_leaves_one_job_or_none(outbox: &dyn OutboxStore) {
    at_each_await(async |polls| {
        empty(outbox).await;
        let put = job(&format!("dropped put {polls}"), "dropped put", at(0));
        let done = drop_after(polls, outbox.put(put.clone())).await.is_some();
        let _ = outbox.put(put.clone()).await;
        let given = the_one(claim(outbox, "w", at(1)).await);
        assert_eq!((given.id, given.sealed, given.attempts), (put.id, put.sealed, 1), "after {polls} polls");
        done
    })
    .await;
}

/// [`OutboxStore::claim`] leases or does not lease; the job comes back.
pub async fn a_dropped_claim_loses_no_job(outbox: &dyn OutboxStore) {
    at_each_await(async |polls| {
        empty(outbox).await;
        outbox.put(job(&format!("dropped {polls} old"), "dropped", at(0))).await.expect("put");
        outbox.put(job(&format!("dropped {polls}"), "dropped", at(1))).await.expect("put");
        let done = drop_after(polls, outbox.claim(&worker("w"), at(1), LEASE, 10)).await.is_some();
        assert_eq!(names(claim(outbox, "v", at(100)).await), [format!("dropped {polls}")], "after {polls} polls");
        done
    })
    .await;
}

/// [`OutboxStore::finish`]: said once more, it has happened, and once.
pub async fn a_dropped_finish_can_be_made_again(outbox: &dyn OutboxStore) {
    for (how, comes_back) in
        [(Delivery::Done, None), (Delivery::RetryAt(at(500)), Some(at(500))), (Delivery::Dead("no".into()), None)]
    {
        at_each_await(async |polls| {
            empty(outbox).await;
            let name = format!("dropped finish {polls} {}", comes_back.is_some());
            outbox.put(job(&name, &name, at(0))).await.expect("put");
            claim(outbox, "w", at(0)).await;
            let (id, by) = (JobId::stored(&*name), worker("w"));
            let done = drop_after(polls, outbox.finish(&id, &by, how.clone(), at(1))).await.is_some();
            let _ = finish(outbox, &name, "w", how.clone(), at(2)).await;
            assert_eq!(names(claim(outbox, "v", just_before(at(500))).await), [""; 0], "after {polls} polls");
            let later = names(claim(outbox, "v", at(500)).await);
            assert_eq!(later.first(), comes_back.map(|_| &name), "after {polls} polls");
            done
        })
        .await;
    }
}

/// [`OutboxStore::purge_dead`].
pub async fn a_dropped_purge_of_dead_jobs_can_be_made_again(outbox: &dyn OutboxStore) {
    at_each_await(async |polls| {
        empty(outbox).await;
        let name = format!("dropped purge {polls}");
        bury(outbox, &name, 0).await;
        let done = drop_after(polls, outbox.purge_dead(at(1), 10)).await.is_some();
        outbox.purge_dead(at(1), 10).await.expect("purge");
        outbox.put(job(&name, &name, at(0))).await.expect("the id is free again");
        done
    })
    .await;
}

/// Takes away what an earlier property left.
pub(super) async fn empty(outbox: &dyn OutboxStore) {
    let far = at(1_000_000);
    while let Some(job) = outbox.claim(&worker("empty"), far, LEASE, 1).await.expect("claim").pop() {
        assert_eq!(outbox.finish(&job.id, &worker("empty"), Delivery::Done, far).await.expect("finish"), Cas::Won);
    }
    while outbox.purge_dead(far, 100).await.expect("purge") > 0 {}
}

/// A job that was asked for at this second and given up.
async fn bury(outbox: &dyn OutboxStore, name: &str, asked: i64) {
    outbox.put(job(name, name, at(asked))).await.expect("put");
    assert_eq!(names(claim(outbox, "w", at(asked)).await), [name]);
    assert_eq!(finish(outbox, name, "w", Delivery::Dead("no such mailbox".into()), at(asked)).await, Cas::Won);
}

async fn claim(outbox: &dyn OutboxStore, by: &str, now: Timestamp) -> Vec<Job> {
    outbox.claim(&worker(by), now, LEASE, 100).await.expect("claim")
}

async fn finish(outbox: &dyn OutboxStore, name: &str, by: &str, how: Delivery, now: Timestamp) -> Cas {
    outbox.finish(&JobId::stored(name), &worker(by), how, now).await.expect("finish")
}

fn names(jobs: Vec<Job>) -> Vec<String> {
    jobs.into_iter().map(|job| job.id.as_str().to_owned()).collect()
}

#[track_caller]
fn the_one(jobs: Vec<Job>) -> Job {
    let [job] = <[Job; 1]>::try_from(jobs).expect("exactly one job");
    job
}

fn just_before(moment: Timestamp) -> Timestamp {
    moment.minus(Duration::from_millis(1))
}
