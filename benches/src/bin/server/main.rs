//! A server for the benches: the library, the bare framework and what many write by hand, side by
//! side in one process.

mod actix;
mod axum;
mod bare;
mod naive;
mod words;

use std::net::{SocketAddr, TcpListener};

use ::axum::Router;
use auth_core::Auth;
use auth_core::store::ReadCache;
use auth_sqlx::SqlStore;
use benches::Result;
use benches::process::resident_now;
use benches::setup::{Framework, Ready, Setup};

use crate::bare::Bare;

/// As the floors that the goals were taken from; both sides of every ratio have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let setup: Setup = serde_json::from_str(&std::env::args().nth(1).ok_or("a setup in JSON is the only argument")?)?;
    match setup.framework {
        Framework::Axum => {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            runtime.worker_threads(setup.workers).enable_all().build()?.block_on(serve_axum(setup))
        }
        Framework::Actix => actix_web::rt::System::new().block_on(serve_actix(setup)),
    }
}

async fn serve_axum(setup: Setup) -> Result<()> {
    let (bare, listener) = (Bare::connect(&setup.database).await?, listener()?);
    let app = if setup.naive {
        ready(&listener, resident_now()?)?;
        naive::routes().merge(axum::routes()).with_state(bare)
    } else {
        let (auth, resident) = library(&setup).await?;
        ready(&listener, resident)?;
        let account = auth_axum::mount("/auth", auth.clone()).merge(axum::guarded(&auth)).with_state(auth);
        Router::new().merge(axum::routes()).with_state(bare).merge(account)
    };
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    listener.set_nonblocking(true)?;
    let listener = ::axum::serve::ListenerExt::tap_io(tokio::net::TcpListener::from_std(listener)?, |stream| {
        // Without it a delayed acknowledgement can be what is measured.
        drop(stream.set_nodelay(true));
    });
    Ok(::axum::serve(listener, app).await?)
}

async fn serve_actix(setup: Setup) -> Result<()> {
    let (bare, listener) = (Bare::connect(&setup.database).await?, listener()?);
    let (auth, resident) = library(&setup).await?;
    ready(&listener, resident)?;
    let app = move || {
        let (auth, bare) = (auth.clone(), bare.clone());
        actix_web::App::new()
            .configure(auth_actix::mount("/auth", auth.clone()))
            .configure(actix::routes(bare))
            .configure(actix::guarded(auth))
    };
    Ok(actix_web::HttpServer::new(app).workers(setup.workers).disable_signals().listen(listener)?.run().await?)
}

/// The library, and what the process held before its hashing threads were there.
async fn library(setup: &Setup) -> Result<(Auth, u64)> {
    let store = SqlStore::connect(&setup.database).await?;
    let resident = resident_now()?;
    let builder = Auth::builder(setup.settings(), store);
    let builder = if setup.read_cache { builder.read_cache(ReadCache::default()) } else { builder };
    Ok((builder.build()?, resident))
}

fn listener() -> Result<TcpListener> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?)
}

#[expect(clippy::print_stdout, reason = "whoever started this reads it there")]
fn ready(listener: &TcpListener, resident: u64) -> Result<()> {
    println!("{}", serde_json::to_string(&Ready { address: listener.local_addr()?, resident })?);
    Ok(())
}
