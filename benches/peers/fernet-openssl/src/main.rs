//! Prints the nanoseconds of one decryption of 256 bytes, measured for as many milliseconds as the
//! argument says.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use fernet::Fernet;

const MADE: u64 = 1_700_000_000;
const LIFE: u64 = 1_800;
const BATCH: u32 = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let least = Duration::from_millis(std::env::args().nth(1).ok_or("for how many milliseconds?")?.parse()?);
    let fernet = Fernet::new(&Fernet::generate_key()).ok_or("a key that was just made is none")?;
    let token = fernet.encrypt_at_time(&[7; 256], MADE);
    let (begun, mut calls) = (Instant::now(), 0);
    while begun.elapsed() < least {
        for _ in 0..BATCH {
            black_box(fernet.decrypt_at_time(&token, Some(LIFE), MADE + 1).map_err(|_| "a good token was refused")?);
        }
        calls += BATCH;
    }
    println!("{}", begun.elapsed().as_secs_f64() * 1e9 / f64::from(calls));
    Ok(())
}
