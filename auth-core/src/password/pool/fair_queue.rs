use std::collections::{HashMap, VecDeque};

use super::claimant::ClientKey;

/// Waiting things, served in turns: one of each client, then the next of each.
#[derive(Debug)]
pub(super) struct FairQueue<T> {
    /// The clients with something waiting, the next to be served in front.
    turns: VecDeque<ClientKey>,
    waiting: HashMap<ClientKey, VecDeque<T>>,
}

impl<T> FairQueue<T> {
    pub(super) fn new() -> Self {
        Self { turns: VecDeque::new(), waiting: HashMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    pub(super) fn push(&mut self, client: ClientKey, thing: T) {
        let mine = self.waiting.entry(client).or_default();
        if mine.is_empty() {
            self.turns.push_back(client);
        }
        mine.push_back(thing);
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        let client = self.turns.pop_front()?;
        let mine = self.waiting.get_mut(&client)?;
        let thing = mine.pop_front();
        if mine.is_empty() {
            self.waiting.remove(&client);
        } else {
            self.turns.push_back(client);
        }
        thing
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn a_client_with_many_waits_no_less_than_one_with_few() {
        let mut queue = FairQueue::new();
        let [ann, bob, cid] = [1, 2, 3].map(|n| ClientKey::from(Some(IpAddr::from([10, 0, 0, n]))));
        for (client, name) in [(ann, "a1"), (ann, "a2"), (ann, "a3"), (bob, "b1"), (cid, "c1"), (bob, "b2")] {
            queue.push(client, name);
        }
        assert_eq!(queue.len(), 6);
        let served: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(served, ["a1", "b1", "c1", "a2", "b2", "a3"]);
        assert!(queue.len() == 0 && queue.waiting.is_empty() && queue.turns.is_empty());
    }
}
