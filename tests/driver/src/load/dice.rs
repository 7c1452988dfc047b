use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// Chance that a printed seed repeats (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The seed in this variable, or another one in every run.
    pub(crate) fn seed(variable: &str) -> u64 {
        let given = std::env::var(variable).ok();
        given.map_or_else(|| RandomState::new().build_hasher().finish() >> 16, |text| text.parse().unwrap())
    }

    /// Chance for somebody else, who throws in parallel.
    pub(crate) fn split(&mut self) -> Self {
        Self(u64::try_from(self.below(usize::MAX)).unwrap())
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end).unwrap();
        usize::try_from((mixed ^ (mixed >> 31)) % end).unwrap()
    }
}
