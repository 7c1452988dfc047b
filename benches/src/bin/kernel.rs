//! How far the hash of the library is from the reference implementation in C, compiled for the
//! widest registers of this machine.

use std::time::Duration;

use benches::kernel::hashes_per_second;
use benches::measure::{Goal, ROUNDS, Ratio, Report, median, rounds};
use benches::process::{figure, is_there};
use benches::{Result, machine};

const PEER: &str = "peer-argon2-c";
const SLICE: Duration = Duration::from_millis(700);

fn main() -> Result<()> {
    let report = Report;
    report.line(&machine::describe());
    if !is_there(PEER) {
        report.progress(&format!("{PEER} was not built, so it is not measured: see benches/README.md"));
        return Ok(());
    }
    report.ratios();
    let mut counts = vec![1, machine::cores()];
    counts.dedup();
    for threads in counts {
        let figures = rounds(ROUNDS, &[true, false], |is_ours| {
            if *is_ours {
                hashes_per_second(threads, SLICE)
            } else {
                figure(PEER, &[threads.to_string(), SLICE.as_millis().to_string()])
            }
        })?;
        let [ours, theirs] = figures.as_slice() else { return Err("two were compared".into()) };
        let what = format!("Argon2id in C to the crate `argon2`, hashes a second on {threads} threads");
        report.ratio(&what, Goal::Told, &Ratio::of(theirs, ours));
        report.progress(&format!("{threads} threads: C {:.0} a second, the crate {:.0}", median(theirs), median(ours)));
    }
    Ok(())
}
