use crate::fault::Fault;

const MIB: u32 = 1_024;

/// Any one of them is enough: memory in KiB and passes (OWASP Password Storage Cheat Sheet; ASVS
/// appendix C).
const FLOORS: [(u32, u32); 3] = [(46 * MIB, 1), (19 * MIB, 2), (12 * MIB, 3)];

/// A row of the database must not be able to buy more memory or time than this.
const MOST_MEMORY: u32 = 256 * MIB;
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 16;

/// What one Argon2id hash costs (RFC 9106 §3.1).
///
/// The default is 19 MiB, 2 passes, 1 lane. More memory or passes make guessing dearer, and every
/// sign-in as well: the server computes that many fewer of them each second.
///
/// ```
/// use auth_core::password::Argon2Params;
///
/// assert_eq!(Argon2Params::default(), Argon2Params::new(19_456, 2, 1)?);
/// assert!(Argon2Params::new(8, 1, 1).is_err());
/// # Ok::<(), auth_core::config::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Params {
    memory: u32,
    passes: u32,
    lanes: u32,
}

impl Default for Argon2Params {
    fn default() -> Self {
        Self { memory: 19 * MIB, passes: 2, lanes: 1 }
    }
}

impl Argon2Params {
    /// Memory in KiB, passes, lanes. Lanes are computed one after the other.
    ///
    /// # Errors
    /// When that is weaker than each of 46 MiB × 1, 19 MiB × 2 and 12 MiB × 3, or above 256 MiB,
    /// 16 passes or 16 lanes.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, Fault> {
        let strong = FLOORS.iter().any(|(memory, least)| memory_kib >= *memory && passes >= *least);
        let params = Self::bounded(memory_kib, passes, lanes).filter(|_| strong);
        params.ok_or_else(|| fault(memory_kib, passes, lanes))
    }

    /// 64 MiB, 3 passes, 4 lanes: the second recommendation of RFC 9106 §4, about seven times the
    /// work of the default.
    #[must_use]
    pub const fn strong() -> Self {
        Self { memory: 64 * MIB, passes: 3, lanes: 4 }
    }

    /// Parameters without the lower bound, for tests that have no time to spare. Passwords hashed
    /// so are as good as published once the table leaks.
    ///
    /// # Errors
    /// Where Argon2 has no such parameters, or above the upper bounds of [`Argon2Params::new`].
    pub fn danger_weak(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, Fault> {
        Self::bounded(memory_kib, passes, lanes).ok_or_else(|| fault(memory_kib, passes, lanes))
    }

    /// What a stored hash may ask for; `None` outside the bounds.
    pub(super) fn bounded(memory: u32, passes: u32, lanes: u32) -> Option<Self> {
        let possible = (1..=MOST_LANES).contains(&lanes)
            && (8 * lanes..=MOST_MEMORY).contains(&memory)
            && (1..=MOST_PASSES).contains(&passes);
        possible.then_some(Self { memory, passes, lanes })
    }

    pub(super) const fn memory(self) -> u32 {
        self.memory
    }

    pub(super) const fn passes(self) -> u32 {
        self.passes
    }

    /// Memory in MiB, rounded up, at least one.
    pub(in crate::password) const fn mib(self) -> u32 {
        self.memory.div_ceil(MIB)
    }

    /// Memory times passes: what a guess costs, but for a constant.
    pub(super) const fn work(self) -> u64 {
        self.memory as u64 * self.passes as u64
    }

    pub(super) const fn lanes(self) -> u32 {
        self.lanes
    }
}

fn fault(memory: u32, passes: u32, lanes: u32) -> Fault {
    let problem =
        format!("{memory} KiB, {passes} passes and {lanes} lanes are too weak, or more than a server can give");
    Fault::new("argon2", problem, "Take Argon2Params::default() or Argon2Params::strong()")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_floor_is_taken_and_one_less_is_not() {
        for (memory, passes) in FLOORS {
            assert!(Argon2Params::new(memory, passes, 1).is_ok());
            assert!(Argon2Params::new(memory - 1, passes, 1).is_err());
        }
        assert!(Argon2Params::new(19_456, 1, 4).is_err());
        assert!(Argon2Params::new(8, 1, 1).is_err());
    }

    #[test]
    fn no_parameters_of_ours_exceed_what_is_verified() {
        assert!(Argon2Params::new(262_144, 16, 16).is_ok());
        for (memory, passes, lanes) in [(262_145, 2, 1), (19_456, 17, 1), (19_456, 2, 17), (19_456, 2, 0)] {
            assert!(Argon2Params::new(memory, passes, lanes).is_err());
            assert!(Argon2Params::danger_weak(memory, passes, lanes).is_err());
        }
    }

    #[test]
    fn the_presets_are_no_weaker_than_the_floor() {
        let strong = Argon2Params::strong();
        assert_eq!(Argon2Params::new(strong.memory, strong.passes, strong.lanes), Ok(strong));
        assert!(Argon2Params::danger_weak(8, 1, 1).is_ok() && Argon2Params::danger_weak(7, 1, 1).is_err());
    }
}
