//! The bodies of the routes that are written by hand, as small as a body can be.

use auth_core::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(crate) struct TokenBody {
    pub(crate) token: String,
}

#[derive(Serialize)]
pub(crate) struct Message {
    message: String,
    status: u16,
}

impl Message {
    pub(crate) fn will_expire(at: Timestamp) -> Self {
        Self { message: format!("Token will expire {}", at.to_rfc3339()), status: 200 }
    }

    /// As long as the true one, for the route that only echoes.
    pub(crate) fn echo(body: TokenBody) -> Self {
        let mut message = body.token;
        message.truncate("Token will expire 2026-01-01T00:00:00Z".len());
        Self { message, status: 200 }
    }
}

#[derive(Serialize)]
pub(crate) struct UserAnswer {
    pub(crate) user: UserBody,
    pub(crate) status: u16,
}

#[derive(Serialize)]
pub(crate) struct UserBody {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) email: Option<String>,
    pub(crate) is_active: bool,
    pub(crate) date_joined: String,
    pub(crate) last_login: Option<String>,
}
