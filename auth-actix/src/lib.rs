//! [`auth_core`] in an actix-web application: one call mounts the account routes, extractors give
//! the user to your handlers, guards protect groups of routes.
//!
//! ```
//! use actix_web::{App, HttpResponse, web};
//! use auth_actix::CurrentUser;
//! use auth_core::{Auth, Settings, store::MemoryStore};
//!
//! let auth = Auth::builder(Settings::development(), MemoryStore::default()).build()?;
//! let app = App::new()
//!     .configure(auth_actix::mount("/auth", auth))
//!     .route("/me", web::get().to(|user: CurrentUser| async move { HttpResponse::Ok().json(user.public()) }));
//! # Ok::<(), auth_core::ConfigError>(())
//! ```
//!
//! Without [`mount`] (or `.app_data(auth)`) the extractors answer 500 and say in the log what is
//! missing.

mod extract;
mod guard;
mod loaded;
mod mount;
mod request;
mod response;

pub use auth_core;
pub use extract::{AuthClaims, ClientInfo, CurrentUser, MaybeUser};
pub use guard::{Guarded, RequireAuth, RequireRole, RequireToken};
pub use mount::{mount, mount_only};
pub use response::AuthRejection;
