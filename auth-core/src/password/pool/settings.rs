use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use super::admission::Capacity;
use crate::password::argon2id::{Argon2Params, Peppers};
use crate::password::foreign::ForeignHash;
use crate::password::format::HashFormat;

const DEFAULT_MEMORY_MIB: u32 = 1_024;
const DEFAULT_QUEUE: Duration = Duration::from_millis(500);

/// How passwords are hashed and how much of the machine that may take.
///
/// Memory is threads × the memory of one hash, whatever the number of clients: 19 MiB on one core,
/// 38 MiB on two and 1 GiB on 64, with the default parameters.
#[derive(Debug, Clone)]
pub struct HashingSettings {
    /// Threads that compute. Default: one for each core, as far as `memory_mib` goes; one fewer keeps
    /// a core for requests that hash nothing.
    pub threads: Option<NonZeroUsize>,
    /// What all threads together may take for hashes of the present parameters, in MiB; there is one
    /// thread in any case. Default: 1,024.
    pub memory_mib: u32,
    /// How much work may wait, for each thread. Default: half a second; a longer queue only lets
    /// people wait longer before they hear that the server is busy. Four requests may wait however
    /// dear they are.
    pub queue: Duration,
    /// How many requests may wait or be computed at once, however cheap they are. Default: as many
    /// as `queue` has room for.
    pub places: Option<NonZeroUsize>,
    /// What a hash costs. Default: 19 MiB, 2 passes, 1 lane.
    pub params: Argon2Params,
    /// Secrets outside the database that enter the hashes. Default: none.
    pub peppers: Peppers,
    /// How new passwords are stored. Default: Argon2id as a PHC string.
    pub format: HashFormat,
    /// The formats of other programs that are read as well. Default: none.
    pub foreign: Vec<ForeignHash>,
}

impl Default for HashingSettings {
    fn default() -> Self {
        Self {
            threads: None,
            memory_mib: DEFAULT_MEMORY_MIB,
            queue: DEFAULT_QUEUE,
            places: None,
            params: Argon2Params::default(),
            peppers: Peppers::default(),
            format: HashFormat::default(),
            foreign: Vec::new(),
        }
    }
}

impl HashingSettings {
    /// How many threads this machine gets.
    pub(super) fn computing_threads(&self) -> usize {
        self.threads_of(thread::available_parallelism().map_or(1, NonZeroUsize::get))
    }

    fn threads_of(&self, cores: usize) -> usize {
        let affordable = usize::try_from(self.memory_mib / self.params.mib()).unwrap_or(usize::MAX);
        self.threads.map_or(cores, NonZeroUsize::get).min(affordable).max(1)
    }

    pub(super) fn capacity(&self, threads: usize) -> Capacity {
        let threads = u32::try_from(threads).unwrap_or(u32::MAX);
        let places = self.places.map_or(usize::MAX, NonZeroUsize::get);
        Capacity { work: self.queue.saturating_mul(threads), places }
    }

    /// The foreign formats that are read: those that were named, and the one that is written.
    pub(crate) fn accepted(&self) -> Vec<ForeignHash> {
        self.foreign.iter().copied().chain(self.format.foreign()).collect()
    }

    /// Whether accounts may differ in the time that their password takes.
    pub(crate) fn mixes_formats(&self) -> bool {
        !self.accepted().is_empty()
    }

    pub(crate) fn has_peppers(&self) -> bool {
        !self.peppers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_thread_for_each_core_as_far_as_memory_goes() {
        let threads = |memory_mib, threads, cores| {
            let threads = NonZeroUsize::new(threads);
            HashingSettings { threads, memory_mib, ..HashingSettings::default() }.threads_of(cores)
        };
        assert_eq!([1, 2, 64].map(|cores| threads(DEFAULT_MEMORY_MIB, 0, cores)), [1, 2, 53]);
        assert_eq!(threads(40, 0, 64), 2);
        assert_eq!(threads(0, 0, 64), 1, "without memory there is still one");
        assert_eq!(threads(DEFAULT_MEMORY_MIB, 3, 64), 3);
        let strong = HashingSettings { params: Argon2Params::strong(), ..HashingSettings::default() };
        assert_eq!(strong.threads_of(64), 16);
    }

    #[test]
    fn the_queue_is_half_a_second_of_work_for_each_thread() {
        let settings = HashingSettings::default();
        assert_eq!(settings.capacity(2), Capacity { work: Duration::from_secs(1), places: usize::MAX });
        let narrow = HashingSettings { places: NonZeroUsize::new(3), ..settings };
        assert_eq!(narrow.capacity(64), Capacity { work: Duration::from_secs(32), places: 3 });
    }
}
