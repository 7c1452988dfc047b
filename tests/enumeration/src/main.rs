//! Measures whether the time of an answer tells who has an account: sign-in, restore, and sign-up in
//! its enumeration-safe mode, on SQLite; and through both adapters, on a store that takes a
//! millisecond or two longer for those whom it knows. Ends with a failure when a client could tell two
//! answers apart that should be the same, or when it overlooks a planted millisecond.
//!
//! ```sh
//! cargo run -p enumeration
//! cargo run -p enumeration -- restore    # those with this in their name
//! ```

#![expect(clippy::print_stdout, reason = "a report")]

mod over_http;
mod pairs;
mod stage;
mod statistic;

use std::process::ExitCode;

use pairs::Pair;
use statistic::{PAIRS, USABLE};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    println!("{PAIRS} pairs each, interleaved; median difference with its interval of 99.9 %; microseconds.");
    println!("Two answers differ when the whole interval is over {} away from zero.\n", USABLE.as_micros());
    println!("{:58} | one takes | difference | {:20} | verdict", "answers", "interval");
    let mut as_expected = true;
    let wanted = std::env::args().nth(1).unwrap_or_default();
    for pair in Pair::all().await?.into_iter().filter(|pair| pair.name().contains(&wanted)) {
        let finding = pair.measure().await?;
        println!("{:58} | {finding}", pair.name());
        as_expected &= finding.differs() == pair.is_told_apart();
    }
    Ok(if as_expected { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
