use std::sync::Arc;
use std::time::Duration;

use super::Queue;
use crate::password::pool::admission::{Approaching, Refused};
use crate::password::pool::claimant::Claimant;

/// Somebody who asks a store before taking a place. In a flood most are refused, and at once: no more
/// are on the way than there are places left. Late, after the store, it hears a refusal only who
/// had more than a share, or whose place went to somebody for whom none was kept.
///
/// Whoever ends here, refused by a limit or by hanging up before the store's answer, has none kept
/// the next time.
#[must_use = "dropping an approach gives up the way to a place"]
pub(crate) struct Approach {
    queue: Arc<Queue>,
    claimant: Claimant,
    /// What the job is expected to take, where a place is kept free for it.
    kept: Option<Duration>,
}

impl Approach {
    pub(in crate::password::pool) fn claimant(&self) -> Claimant {
        self.claimant
    }

    /// The limits have let it in. Hands over what is kept, to be exchanged for a place.
    pub(super) fn let_in(mut self) -> Option<Duration> {
        if self.kept.is_none() {
            self.queue.lock().admission.let_in(self.claimant.client);
        }
        self.kept.take()
    }
}

impl Drop for Approach {
    fn drop(&mut self) {
        if let Some(cost) = self.kept {
            let mut state = self.queue.lock();
            state.admission.leave(self.claimant, cost);
            state.admission.turn_away(self.claimant.client);
        }
    }
}

impl Queue {
    /// Lets somebody ask a store first, if there is room now.
    pub(in crate::password::pool) fn approach(self: &Arc<Self>, claimant: Claimant) -> Result<Approach, Refused> {
        let mut state = self.lock();
        let cost = state.cost_of(claimant.purpose)?;
        let kept = match state.admission.approach(claimant, cost)? {
            Approaching::Kept => Some(cost),
            Approaching::NotKept => None,
        };
        drop(state);
        Ok(Approach { queue: Arc::clone(self), claimant, kept })
    }
}
