//! The wire contract over any web framework: an adapter turns its request into an
//! [`AuthRequest`] and an [`AuthResponse`] into its response, and decides nothing.

mod authorization;
mod body;
mod forwarded;
mod guard;
mod handle;
mod json;
mod media_type;
mod members;
mod problem;
mod profile;
mod request;
mod response;
mod route;

pub use authorization::Authorization;
pub use body::json_object;
pub use problem::Problem;
pub use request::{AuthRequest, BODY_LIMIT, BodyFault, RequestHead};
pub use response::AuthResponse;
pub use route::Route;
