use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::random::{Random, RandomError};

/// Randomness that is the same in every run: SHA-256 of the seed and a counter. Clones share the
/// counter, so that they never repeat each other.
#[derive(Debug, Clone)]
pub struct SeededRandom {
    seed: u64,
    counter: Arc<AtomicU64>,
}

impl SeededRandom {
    /// The sequence of this seed, from its beginning.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: Arc::default() }
    }

    fn block(&self) -> [u8; 32] {
        let counter = self.counter.fetch_add(1, Ordering::SeqCst);
        Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(counter.to_be_bytes()).finalize().into()
    }
}

impl Default for SeededRandom {
    fn default() -> Self {
        Self::new(42)
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for chunk in bytes.chunks_mut(32) {
            chunk.iter_mut().zip(self.block()).for_each(|(byte, random)| *byte = random);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(random: &SeededRandom) -> [u8; 80] {
        crate::random::bytes(random).unwrap()
    }

    #[test]
    fn a_seed_gives_the_same_bytes_in_every_run() {
        assert_eq!(draw(&SeededRandom::new(1)), draw(&SeededRandom::new(1)));
        assert_ne!(draw(&SeededRandom::new(1)), draw(&SeededRandom::new(2)));
    }

    #[test]
    fn nothing_repeats_not_even_across_clones() {
        let random = SeededRandom::default();
        let other = random.clone();
        assert_ne!(draw(&random), draw(&other));
    }
}
