use std::future::Future;
use std::io::{self, IsTerminal as _, Write as _};
use std::net::TcpListener;
use std::process::ExitCode;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use crate::settings::Vars;
use crate::{Product, Started, StopSignal, start};

/// How long the head of a request may take, and then its body.
pub const REQUEST_DEADLINE: Duration = Duration::from_secs(10);
/// How long requests in flight may take once the server was told to stop.
pub const STOP_GRACE: Duration = Duration::from_secs(20);
/// How long the outbox is emptied after that. What is left is sent by the next start.
const OUTBOX_GRACE: Duration = Duration::from_secs(10);

/// What a framework needs to serve the product.
#[derive(Debug)]
pub struct Server {
    /// What it answers with.
    pub product: Product,
    /// Bound, listening and non-blocking.
    pub listener: TcpListener,
    /// When it resolves: take no more connections, finish what is in flight, return.
    pub stop: StopSignal,
}

/// The whole life of an example server around `serve`, the framework's part of it.
///
/// Settings come from the environment. Standard output gets one line with the address; faults,
/// the banner of development and the log (`RUST_LOG`, by default `info`) go to standard error.
pub async fn run<S>(serve: impl FnOnce(Server) -> S) -> ExitCode
where
    S: Future<Output = io::Result<()>>,
{
    log_to_stderr();
    match live(serve).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn live<S>(serve: impl FnOnce(Server) -> S) -> Result<(), Box<dyn std::error::Error>>
where
    S: Future<Output = io::Result<()>>,
{
    let stop = StopSignal::install()?;
    let Started { product, listener, base, banner } = start(&Vars::new(&|name| std::env::var_os(name))).await?;
    if let Some(banner) = banner {
        write!(io::stderr(), "{banner}")?;
    }
    writeln!(io::stdout(), "Listening on {base}")?;
    let auth = product.auth.clone();
    serve(Server { product, listener, stop }).await?;
    tracing::info!("no more requests; sending what is in the outbox");
    if let Err(error) = auth.shutdown(OUTBOX_GRACE).await {
        tracing::warn!(%error, "the outbox does not answer; the next start sends what is in it");
    }
    Ok(())
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // It fails where a log is set up already, and that one will do.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .try_init();
}

/// Nobody is left to hear it when standard error is closed.
fn complain(error: &dyn std::error::Error) {
    let _ = writeln!(io::stderr(), "{error}");
}
