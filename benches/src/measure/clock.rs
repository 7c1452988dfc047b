use std::time::{Duration, Instant};

/// Real time, which is what a bench is about.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// How long one call takes, in nanoseconds, over at least `least` of calling.
pub fn nanoseconds_each(least: Duration, mut call: impl FnMut()) -> f64 {
    /// Calls between two looks at the clock, so that looking does not count.
    const BATCH: u32 = 64;
    let watch = Stopwatch::start();
    let mut calls = 0_u32;
    loop {
        for _ in 0..BATCH {
            call();
        }
        calls += BATCH;
        let elapsed = watch.elapsed();
        if elapsed >= least {
            return elapsed.as_secs_f64() * 1e9 / f64::from(calls);
        }
    }
}
