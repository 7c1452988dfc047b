//! [`auth_core`] in an axum application: one call mounts the account routes, extractors give the
//! user to your handlers, guards protect groups of routes.
//!
//! ```
//! use auth_axum::CurrentUser;
//! use auth_core::{Auth, Settings, store::MemoryStore};
//! use axum::{Json, Router, routing::get};
//!
//! let auth = Auth::builder(Settings::development(), MemoryStore::default()).build()?;
//! let app: Router = Router::new()
//!     .merge(auth_axum::mount("/auth", auth.clone()))
//!     .route("/me", get(|user: CurrentUser| async move { Json(user.public()) }))
//!     .with_state(auth);
//! # Ok::<(), auth_core::ConfigError>(())
//! ```
//!
//! Serve with `into_make_service_with_connect_info::<SocketAddr>()`, so that the client's address
//! is known. `axum::serve` has no time-out for slow request heads; see the example server.
//!
//! Forgetting `Auth` in the state does not compile:
//!
//! ```compile_fail
//! # use auth_core::{Auth, Settings, store::MemoryStore};
//! use auth_axum::CurrentUser;
//! use axum::{Router, routing::get};
//!
//! async fn me(_: CurrentUser) {}
//! # let auth = Auth::builder(Settings::development(), MemoryStore::default()).build()?;
//! let app: Router = Router::new()
//!     .merge(auth_axum::mount("/auth", auth)) // the state `()` does not hold `Auth`
//!     .route("/me", get(me));
//! # Ok::<(), auth_core::ConfigError>(())
//! ```

mod extract;
mod guard;
mod loaded;
mod mount;
mod request;
mod response;
mod state;

pub use auth_core;
pub use extract::{AuthClaims, ClientInfo, CurrentUser, MaybeUser};
pub use guard::{Guarded, RequireAuth, RequireRole, RequireToken};
pub use mount::{mount, mount_only};
pub use response::AuthRejection;
pub use state::HasAuth;
