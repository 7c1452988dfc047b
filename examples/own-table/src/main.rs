//! `cargo run -p own-table` on `members.db` in the present folder. `-- --try` needs no setting: its
//! keys last as long as the process, and mails go to the console.

use std::io::{Write as _, stdout};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use auth_core::Settings;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let tries = std::env::args().any(|argument| argument == "--try");
    let settings = if tries { Settings::development() } else { Settings::from_env() };
    let pool = own_table::open(Path::new("members.db")).await?;
    let auth = own_table::auth(settings, &pool).await?;

    let listener = TcpListener::bind(std::env::var("BIND_ADDR").unwrap_or("127.0.0.1:3000".into())).await?;
    writeln!(stdout(), "Listening on http://{}", listener.local_addr()?)?;
    let app = own_table::app(auth.clone(), pool).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(interrupted()).await?;
    auth.shutdown(Duration::from_secs(10)).await?;
    Ok(())
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
