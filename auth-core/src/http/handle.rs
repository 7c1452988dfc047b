use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::{FutureExt as _, TryFutureExt as _};

use super::members::Members;
use super::problem::Asked;
use super::profile::{BodyToken, Scheme};
use super::{AuthRequest, AuthResponse, Problem, RequestHead, Route};
use crate::actions::{Credentials, SignUp, SignedUp};
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::error::{AuthError, FieldFault};
use crate::password::Password;

impl Auth {
    /// Answers one request. A panic in a host's store or hook becomes a 500, and the next request
    /// is served.
    pub async fn handle(&self, request: AuthRequest) -> AuthResponse {
        let client = self.client(&request.head);
        let answered = self.caught(self.answer(request, &client)).await;
        answered.and_then(|answer| answer.map_err(|problem| self.refuse(problem))).unwrap_or_else(|refused| refused)
    }

    async fn answer(&self, request: AuthRequest, client: &ClientInfo) -> Result<AuthResponse, Problem> {
        let AuthRequest { route, head, body } = request;
        let members = if route.reads_body() { self.wire().read(route, &head, body)? } else { Members::default() };
        let answer = self.dispatch(route, &head, members, client).await;
        answer.map_err(|error| self.wire().problem(&error, Asked::Route(route)))
    }

    async fn dispatch(
        &self,
        route: Route,
        head: &RequestHead,
        members: Members,
        client: &ClientInfo,
    ) -> Result<AuthResponse, AuthError> {
        let wire = self.wire();
        // Boxed is what waits for a store or a hash: every request moves the largest future of all
        // routes about, and `/validation` is done before that is paid back.
        match route {
            Route::Signup => Box::pin(self.answer_signup(members, client)).await,
            Route::Signin => Box::pin(self.answer_signin(members, client)).await,
            Route::Refresh => {
                let refreshed = Box::pin(self.refresh(self.header_token(head)?, client)).await?;
                Ok(wire.token(refreshed.token.expose()))
            }
            Route::Restore => Box::pin(self.answer_restore(members, client)).await,
            Route::Validation => {
                let valid = self.validation(&self.body_token(head, members)?, client).await?;
                Ok(wire.message(&["Token will expire ", &wire.expiry.write(valid.expires_at)].concat()))
            }
            Route::GetUser => {
                let token = self.body_token(head, members)?;
                let found = Box::pin(self.get_user(&token, client)).await?;
                Ok(wire.user(200, &found))
            }
            Route::Signout => {
                Box::pin(self.signout(self.header_token(head)?, client)).await?;
                Ok(wire.message("Signed out"))
            }
        }
    }

    async fn answer_signup(&self, mut members: Members, client: &ClientInfo) -> Result<AuthResponse, AuthError> {
        let email = members.text("email")?;
        let username = members.text("username")?;
        let email_as_name = members.flag("email_as_name")?;
        let password = members.text("password")?.unwrap_or_default();
        let mut request = SignUp::new(password);
        request.email = email;
        request.username = username;
        request.email_as_name = email_as_name;
        request.attributes = members.rest();
        let wire = self.wire();
        match self.signup(request, client).await? {
            SignedUp::Created(created) => Ok(wire.user(wire.created, &created)),
            SignedUp::Accepted => Ok(wire.message("A mail with the next step is on its way to this address.")),
        }
    }

    async fn answer_signin(&self, mut members: Members, client: &ClientInfo) -> Result<AuthResponse, AuthError> {
        let credentials = Credentials::new(members.required("username")?, members.required("password")?);
        let signed_in = self.signin(credentials, client).await?;
        Ok(self.wire().token(signed_in.token.expose()))
    }

    /// Exactly `email`, or exactly `token` and `new_password`.
    async fn answer_restore(&self, mut members: Members, client: &ClientInfo) -> Result<AuthResponse, AuthError> {
        let second_step = members.has("token") || members.has("new_password");
        if members.has("email") && second_step {
            return Err(AuthError::field("email", FieldFault::Unexpected));
        }
        if second_step {
            let restoring = members.text("token")?.filter(|text| !text.is_empty()).ok_or(AuthError::TokenMissing)?;
            let new_password = Password::new(members.required("new_password")?);
            self.restore(&restoring, new_password, client).await?;
            return Ok(self.wire().message("Password changed"));
        }
        let address = members.required("email")?;
        self.request_restore(&address, client).await?;
        Ok(self.wire().restore_reply(&address))
    }

    /// The token of the body, or that of the header where the body has none.
    fn body_token(&self, head: &RequestHead, mut members: Members) -> Result<String, AuthError> {
        match (members.text("token")?.filter(|text| !text.is_empty()), &self.wire().body_token) {
            (Some(token), _) => Ok(token),
            (None, BodyToken::OrHeader) => head.authorization.required().map(str::to_owned),
            (None, BodyToken::Only) => Err(AuthError::TokenMissing),
        }
    }

    fn header_token<'h>(&self, head: &'h RequestHead) -> Result<&'h str, AuthError> {
        match self.wire().scheme {
            Scheme::Bearer => head.authorization.required(),
            Scheme::BearerOrNone => head.authorization.required_even_bare(),
        }
    }

    /// Runs an action and turns a panic on its way into a 500.
    // Not an `async fn`, which would hold the action twice: as it was given and as it is run.
    pub(super) fn caught<T>(&self, action: impl Future<Output = T>) -> impl Future<Output = Result<T, AuthResponse>> {
        AssertUnwindSafe(action).catch_unwind().map_err(|_| {
            tracing::error!(target: "auth", "a panic on the way of a request");
            self.refuse(Problem::internal())
        })
    }
}
