//! Prints how many hashes of 19 MiB and two passes a second the C code computes, on as many
//! threads and for as many milliseconds as the arguments say.

use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use argon2_kdf::{Algorithm, Hasher};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let threads: usize = arguments.next().ok_or("on how many threads?")?.parse()?;
    let time = Duration::from_millis(arguments.next().ok_or("for how many milliseconds?")?.parse()?);
    let threads: Vec<_> = (0..threads).map(|_| thread::spawn(move || hashes_per_second(time))).collect();
    let mut sum = 0.0;
    for thread in threads {
        sum += thread.join().map_err(|_| "a panic while hashing")?.map_err(|error| error.to_string())?;
    }
    println!("{sum}");
    Ok(())
}

fn hashes_per_second(time: Duration) -> Result<f64, argon2_kdf::Argon2Error> {
    let (begun, mut hashes) = (Instant::now(), 0.0);
    while begun.elapsed() < time {
        let hasher = Hasher::new().algorithm(Algorithm::Argon2id).custom_salt(&[7; 16]);
        let hasher = hasher.memory_cost_kib(19_456).iterations(2).threads(1).hash_length(32);
        hasher.hash(b"correct horse battery staple")?;
        hashes += 1.0;
    }
    Ok(hashes / begun.elapsed().as_secs_f64())
}
