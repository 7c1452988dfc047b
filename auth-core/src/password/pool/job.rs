use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use tokio::sync::oneshot;
use tracing::Span;

use super::queue::Place;
use crate::account::User;
use crate::password::error::HashError;
use crate::password::hasher::Hasher;
use crate::password::policy::{BoundedPassword, NewPassword};
use crate::password::secret::PasswordHash;
use crate::password::verification::{Computed, Verified};

/// Something to compute, with the place that it holds until that is done.
pub(super) struct Job {
    pub(super) place: Place,
    pub(super) task: Task,
    /// What the caller traces in.
    pub(super) span: Span,
}

pub(super) enum Task {
    Hash(NewPassword, Reply<PasswordHash>),
    Verify(Option<Box<User>>, BoundedPassword, Reply<Verified>),
}

type Reply<T> = oneshot::Sender<Result<T, HashError>>;

impl Job {
    /// Computes, unless nobody waits for it any more. The place is free before the answer is out, and
    /// the span is let go, which would otherwise end after its action now and then.
    pub(super) fn run(self, hasher: &mut Hasher) {
        let held = (self.place, self.span);
        match self.task {
            Task::Hash(password, reply) => answer(held, reply, || hasher.hash(&password), |hash, _| hash),
            Task::Verify(user, password, reply) => {
                let verify = || hasher.verify(user.map(|user| *user), &password);
                answer(held, reply, verify, |verification, computed| Verified { verification, computed });
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a cost is measured, not a moment asked for")]
fn answer<T, A>(
    (place, span): (Place, Span),
    reply: Reply<A>,
    compute: impl FnOnce() -> Result<T, HashError>,
    wrap: impl FnOnce(T, Computed) -> A,
) {
    if reply.is_closed() {
        return;
    }
    let begun = Instant::now();
    // Memory in whatever state is overwritten by the next hash, so nothing is unwind-unsafe here.
    let outcome = catch_unwind(AssertUnwindSafe(|| span.in_scope(compute))).unwrap_or(Err(HashError::Panicked));
    let computed = Computed { begun, took: begun.elapsed() };
    if outcome.is_ok() {
        place.queue().observe(place.purpose(), computed.took);
    }
    drop((place, span));
    // A client that hung up meanwhile needs no answer.
    let _ = reply.send(outcome.map(|value| wrap(value, computed)));
}
