//! Fernet, which restoring tokens are: the pure Rust that the library takes, beside the crate's
//! default, which is OpenSSL.

use std::time::Duration;

use benches::Result;
use benches::measure::{Goal, Ratio, Report, nanoseconds_each, rounds};
use benches::process::{figure, is_there};
use fernet::Fernet;

use crate::ROUNDS;

/// The same calls in a build of their own: a crate has one set of features in a build.
const PEER: &str = "peer-fernet-openssl";
const SLICE: Duration = Duration::from_millis(60);
const PLAIN: [u8; 256] = [7; 256];
const MADE: u64 = 1_700_000_000;
const LIFE: u64 = 1_800;

/// Ratio 19.
pub(crate) fn measure(report: &Report) -> Result<()> {
    if !is_there(PEER) {
        report.progress(&format!("{PEER} was not built, so ratio 19 is not measured: see benches/README.md"));
        return Ok(());
    }
    let fernet = Fernet::new(&Fernet::generate_key()).ok_or("a key that was just made is none")?;
    let token = fernet.encrypt_at_time(&PLAIN, MADE);
    let decrypt = || drop(std::hint::black_box(fernet.decrypt_at_time(&token, Some(LIFE), MADE + 1)));
    let figures = rounds(ROUNDS, &[true, false], |is_above| {
        if *is_above { Ok(nanoseconds_each(SLICE, decrypt)) } else { figure(PEER, &[SLICE.as_millis().to_string()]) }
    })?;
    let [above, below] = figures.as_slice() else { return Err("two were compared".into()) };
    report.ratio(
        "19: decrypt 256 bytes of Fernet to the same by OpenSSL",
        Goal::AtMost(0.15),
        &Ratio::of(above, below),
    );
    Ok(())
}
