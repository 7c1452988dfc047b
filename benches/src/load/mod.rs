//! The load: HTTP/1.1 over kept connections, as fast as the answers come or at a fixed rate.

mod connection;
mod crowd;
mod latency;
mod request;
mod steady;
mod stream;

pub use connection::Connection;
pub use crowd::{Crowd, Served, crowd};
pub use latency::Latencies;
pub use request::Request;
pub use steady::{Steady, steady};
pub use stream::{Slice, stream};

use std::future::Future;
use std::thread;

use rustix::process::setpriority_process;
use rustix::thread::{CpuSet, sched_setaffinity};

use crate::Result;

/// Where the load comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From the second core, which it has to itself, while the server has the first.
    SecondCore,
    /// From the second core, which it leaves to a database when it waits.
    SharedCore,
    /// From any core, but before everything else that wants one: who measures latency must not wait
    /// for what is measured.
    First,
}

/// Runs a load on a thread of its own.
///
/// # Errors
/// With the load's.
pub fn run<T, F>(origin: Origin, load: impl FnOnce() -> F + Send) -> Result<T>
where
    T: Send,
    F: Future<Output = Result<T>>,
{
    thread::scope(|scope| {
        let loading = scope.spawn(|| {
            take_place(origin)?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            if origin == Origin::SecondCore {
                runtime.spawn(stay_awake());
            }
            runtime.block_on(load())
        });
        loading.join().map_err(|_| "a panic in the load")?
    })
}

/// Whoever has a core to itself does not sleep on it: waking it would be work of the server, which pays
/// for it with each answer the more often the slower it is.
async fn stay_awake() {
    loop {
        tokio::task::yield_now().await;
    }
}

fn take_place(origin: Origin) -> Result<()> {
    match origin {
        Origin::SecondCore | Origin::SharedCore => {
            let mut cores = CpuSet::new();
            cores.set(1);
            sched_setaffinity(None, &cores)?;
        }
        // Only root may; without it the latencies are those of a client that has to wait its turn.
        Origin::First => drop(setpriority_process(None, -15)),
    }
    Ok(())
}
