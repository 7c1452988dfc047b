use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::json::Members;
use super::problem::TokenPlace;
use super::{AuthRequest, AuthResponse, BodyFault, Problem, RequestHead, Route};
use crate::account::PublicUser;
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
        let answered = caught(self.answer(request, &client)).await;
        answered.and_then(|answer| answer.map_err(Problem::into_response)).unwrap_or_else(|refused| refused)
    }

    async fn answer(&self, request: AuthRequest, client: &ClientInfo) -> Result<AuthResponse, Problem> {
        let AuthRequest { route, head, body } = request;
        let members = if route.reads_body() { read(route, &head, body)? } else { Members::default() };
        let place = if route.reads_body() { TokenPlace::Body } else { TokenPlace::Header };
        self.dispatch(route, &head, members, client).await.map_err(|error| Problem::of(&error, place))
    }

    async fn dispatch(
        &self,
        route: Route,
        head: &RequestHead,
        members: Members,
        client: &ClientInfo,
    ) -> Result<AuthResponse, AuthError> {
        match route {
            Route::Signup => self.answer_signup(members, client).await,
            Route::Signin => self.answer_signin(members, client).await,
            Route::Refresh => {
                let refreshed = self.refresh(head.authorization.required()?, client).await?;
                Ok(token(refreshed.token.expose()))
            }
            Route::Restore => self.answer_restore(members, client).await,
            Route::Validation => {
                let valid = self.validation(&token_of(head, members)?, client).await?;
                Ok(message(&format!("Token will expire {}", valid.expires_at.to_rfc3339())))
            }
            Route::GetUser => {
                let found = self.get_user(&token_of(head, members)?, client).await?;
                Ok(user(&found.public()))
            }
            Route::Signout => {
                self.signout(head.authorization.required()?, client).await?;
                Ok(message("Signed out"))
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
        match self.signup(request, client).await? {
            SignedUp::Created(created) => Ok(user(&created.public())),
            SignedUp::Accepted => Ok(message("A mail with the next step is on its way to this address.")),
        }
    }

    async fn answer_signin(&self, mut members: Members, client: &ClientInfo) -> Result<AuthResponse, AuthError> {
        let credentials = Credentials::new(members.required("username")?, members.required("password")?);
        let signed_in = self.signin(credentials, client).await?;
        Ok(token(signed_in.token.expose()))
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
            return Ok(message("Password changed"));
        }
        self.request_restore(&members.required("email")?, client).await?;
        Ok(message("If this address has an account, a mail with a link to a new password is on its way."))
    }
}

fn read(route: Route, head: &RequestHead, body: Result<Vec<u8>, BodyFault>) -> Result<Members, Problem> {
    let body = json_body(head, body)?;
    // These two also take the token from the header, so they do without a body.
    if body.is_empty() && matches!(route, Route::Validation | Route::GetUser) {
        return Ok(Members::default());
    }
    Members::read(&body).map_err(|_| Problem::invalid_body())
}

fn json_body(head: &RequestHead, body: Result<Vec<u8>, BodyFault>) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let body = Zeroizing::new(body.map_err(|fault| match fault {
        BodyFault::TooLarge => Problem::too_large(),
        BodyFault::Incomplete => Problem::invalid_body(),
    })?);
    if head.is_json { Ok(body) } else { Err(Problem::media_type()) }
}

/// The members of a JSON body as strictly as the account routes take them, for routes of your own.
///
/// # Errors
/// With the answer to send: `too_large`, `media_type` or `invalid_body`.
pub fn json_object(head: &RequestHead, body: Result<Vec<u8>, BodyFault>) -> Result<Map<String, Value>, AuthResponse> {
    let members = json_body(head, body).and_then(|body| Members::read(&body).map_err(|_| Problem::invalid_body()));
    members.map(Members::rest).map_err(Problem::into_response)
}

/// The token of the body, or that of the header where the body has none.
fn token_of(head: &RequestHead, mut members: Members) -> Result<String, AuthError> {
    match members.text("token")?.filter(|text| !text.is_empty()) {
        Some(token) => Ok(token),
        None => head.authorization.required().map(str::to_owned),
    }
}

fn user(user: &PublicUser) -> AuthResponse {
    AuthResponse::json(200, &Success::User { user, status: 200 })
}

fn token(token: &str) -> AuthResponse {
    AuthResponse::json(200, &Success::Token { token, status: 200 })
}

fn message(message: &str) -> AuthResponse {
    AuthResponse::json(200, &Success::Message { message, status: 200 })
}

/// The members stand in the order of the contract.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Success<'a> {
    User { user: &'a PublicUser, status: u16 },
    Token { token: &'a str, status: u16 },
    Message { message: &'a str, status: u16 },
}

/// Runs an action and turns a panic on its way into a 500.
pub(super) async fn caught<T>(action: impl Future<Output = T>) -> Result<T, AuthResponse> {
    AssertUnwindSafe(action).catch_unwind().await.map_err(|_| {
        tracing::error!(target: "auth", "a panic on the way of a request");
        AuthResponse::internal()
    })
}
