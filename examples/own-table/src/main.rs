//! `cargo run -p own-table` on `members.db` in the present folder. `-- --try` needs no setting: its
//! keys last as long as the process, and mails go to the console.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use auth_core::Settings;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    tracing_subscriber::fmt::init();
    let tries = std::env::args().any(|argument| argument == "--try");
    let settings = if tries { Settings::development() } else { Settings::from_env() };
    let pool = own_table::open(Path::new("members.db")).await?;
    let auth = own_table::auth(settings, &pool).await?;
    let address = std::env::var("BIND_ADDR").unwrap_or("127.0.0.1:3000".into());
    let listener = TcpListener::bind(&address).await?;
    tracing::info!(%address, "listening");
    let app = own_table::app(auth.clone(), pool).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(stop()).await?;
    auth.shutdown(Duration::from_secs(10)).await?;
    Ok(())
}

async fn stop() {
    // Without signals the process ends as it would have anyway.
    let _ = tokio::signal::ctrl_c().await;
}
