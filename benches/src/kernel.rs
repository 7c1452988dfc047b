//! The hash of the library without the library: how many a second every core together can do.

use std::thread;
use std::time::Duration;

use crate::Result;
use crate::measure::Stopwatch;
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Hashes with the parameters of the library, each thread with memory that it keeps.
///
/// # Errors
/// When the parameters are none.
pub fn hashes_per_second(threads: usize, time: Duration) -> Result<f64> {
    let counts = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| hash_for(time))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a panic while hashing")?)
            .collect::<Result<Vec<f64>>>()
    });
    Ok(counts?.iter().sum())
}

/// The hashes a second of one thread.
fn hash_for(time: Duration) -> Result<f64> {
    let params = Params::new(19_456, 2, 1, None)?;
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (mut hash, mut hashes) = ([0; 32], 0.0);
    let watch = Stopwatch::start();
    while watch.elapsed() < time {
        argon2.hash_password_into_with_memory(b"correct horse battery staple", &[7; 16], &mut hash, &mut memory)?;
        hashes += 1.0;
    }
    Ok(hashes / watch.elapsed().as_secs_f64())
}
