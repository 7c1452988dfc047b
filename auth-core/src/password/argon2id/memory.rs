use argon2::Block;
use zeroize::Zeroize as _;

/// The blocks that a thread computes in, kept from one hash to the next: allocating them anew
/// costs up to as much as the hash itself.
#[derive(Default)]
pub(super) struct Memory {
    blocks: Vec<Block>,
    used: usize,
}

impl Memory {
    /// That many blocks, grown on demand; `None` when the system has no memory.
    pub(super) fn take(&mut self, count: usize) -> Option<&mut [Block]> {
        if self.blocks.len() < count {
            self.shrink(0);
            self.blocks.try_reserve_exact(count).ok()?;
            self.blocks.resize(count, Block::new());
        }
        self.used = self.used.max(count);
        self.blocks.get_mut(..count)
    }

    /// Forgets what the last hash left.
    pub(super) fn wipe(&mut self) {
        self.blocks.iter_mut().take(self.used).for_each(Block::zeroize);
        self.used = 0;
    }

    /// Gives back what is above `count` blocks.
    pub(super) fn shrink(&mut self, count: usize) {
        if self.blocks.len() > count {
            self.wipe();
            self.blocks.truncate(count);
            self.blocks.shrink_to_fit();
        }
    }

    /// How many blocks are kept.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.blocks.capacity()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_reused_grow_on_demand_and_are_given_back() {
        let mut memory = Memory::default();
        let first = memory.take(8).unwrap().as_ptr();
        assert_eq!(memory.take(8).unwrap().as_ptr(), first);
        assert_eq!(memory.take(64).unwrap().len(), 64);
        memory.shrink(8);
        assert_eq!((memory.blocks.len(), memory.capacity()), (8, 8));
    }

    #[test]
    fn wiped_blocks_hold_nothing() {
        let mut memory = Memory::default();
        memory.take(2).unwrap()[1].as_mut()[5] = 7;
        memory.wipe();
        assert!(memory.blocks.iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
    }

    #[test]
    fn what_cannot_be_had_is_no_panic() {
        assert!(Memory::default().take(usize::MAX / 1_024).is_none());
    }
}
