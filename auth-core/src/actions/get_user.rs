use tracing::Instrument as _;

use crate::account::User;
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::error::AuthError;
use crate::event::Action;
use crate::token::Expiry;

impl Auth {
    /// The user of a token, after checking session, account and epoch.
    ///
    /// # Errors
    /// As [`Auth::authenticate`].
    pub async fn get_user(&self, token: &str, client: &ClientInfo) -> Result<User, AuthError> {
        let mut trail = self.trail(Action::GetUser, client);
        let span = trail.span();
        let result =
            self.principal(token, Expiry::Enforce, &mut trail).instrument(span).await.map(|principal| principal.user);
        trail.end(result)
    }
}
