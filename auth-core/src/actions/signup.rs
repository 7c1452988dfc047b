use serde_json::{Map, Value};
use tracing::Instrument as _;

use crate::account::{EmailAddress, Epoch, Login, NameRule, NewUser, User, UserId, Username};
use crate::auth::Auth;
use crate::client::ClientInfo;
use crate::config::{Conduct, SignupIdentity};
use crate::error::{AuthError, FieldFault};
use crate::event::{Action, Trail};
use crate::mail::MessageKind;
use crate::password::{Approach, NewPassword, Password, PolicyContext, Purpose};
use crate::store::{StoreError, Unique};
use crate::throttle::Throttling;

/// A request for an account.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SignUp {
    /// The address, if one was given.
    pub email: Option<String>,
    /// The username, if one was given.
    pub username: Option<String>,
    /// Whether the address is the name; unset means yes where only an address was given.
    pub email_as_name: Option<bool>,
    /// The password.
    pub password: Password,
    /// What else was sent. Only attributes that the settings list for sign-up are kept.
    pub attributes: Map<String, Value>,
}

impl SignUp {
    /// An account with its address as name.
    #[must_use]
    pub fn with_email(email: impl Into<String>, password: impl Into<String>) -> Self {
        Self { email: Some(email.into()), ..Self::new(password) }
    }

    /// An account with a username.
    #[must_use]
    pub fn with_username(username: impl Into<String>, password: impl Into<String>) -> Self {
        Self { username: Some(username.into()), ..Self::new(password) }
    }

    /// A request with a password and no name yet.
    #[must_use]
    pub fn new(password: impl Into<String>) -> Self {
        Self {
            email: None,
            username: None,
            email_as_name: None,
            password: Password::new(password),
            attributes: Map::new(),
        }
    }
}

/// How a sign-up ended well.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SignedUp {
    /// The account is there.
    Created(Box<User>),
    /// The answer does not say whether the address was free; its owner reads it in a mail. Only
    /// with the setting `enumeration_safe_signup`.
    Accepted,
}

impl Auth {
    /// Makes an account.
    ///
    /// # Errors
    /// [`AuthError::Identity`], [`AuthError::Field`] (`email`, `username`, `password`),
    /// [`AuthError::WeakPassword`], [`AuthError::Taken`], [`AuthError::Throttled`],
    /// [`AuthError::Busy`], [`AuthError::Unavailable`].
    pub async fn signup(&self, request: SignUp, client: &ClientInfo) -> Result<SignedUp, AuthError> {
        let mut trail = self.trail(Action::SignUp, client);
        let span = trail.span();
        let result = self.signup_steps(request, client, &mut trail).instrument(span).await;
        trail.end(result)
    }

    async fn signup_steps(
        &self,
        request: SignUp,
        client: &ClientInfo,
        trail: &mut Trail,
    ) -> Result<SignedUp, AuthError> {
        self.admit()?;
        let names = Names::read(&request, &self.inner.settings.conduct)?;
        let context = PolicyContext { username: names.context_name(), email: names.email.as_ref() };
        let password = self.new_password("password", request.password, &context).await?;
        let safely_by_email = self.inner.settings.enumeration_safe_signup && names.email.is_some();
        let approach = self.approach(Purpose::SignUp, client)?;
        let tiers =
            |limits: &Throttling| if safely_by_email { limits.signup_by_mail(client) } else { limits.signup(client) };
        let attempt = self.begin_attempt(tiers).await?;
        let signed_up = self.create(approach, names, password, request.attributes, trail).await;
        self.charged(attempt, signed_up).await
    }

    async fn create(
        &self,
        approach: Approach,
        names: Names,
        password: NewPassword,
        attributes: Map<String, Value>,
        trail: &mut Trail,
    ) -> Result<SignedUp, AuthError> {
        let hash = self.arrive(approach).await?.hash(password).await?;
        let now = self.now();
        let safely_by_email = self.inner.settings.enumeration_safe_signup && names.email.is_some();
        let address = names.email.clone();
        let login_is_address = names.login_is_address();
        // Where both stand side by side, each is told apart.
        let beside_a_username = self.inner.settings.conduct.identity != SignupIdentity::EmailOrUsername;
        let new = NewUser {
            id: UserId::random(now, self.random())?,
            username: names.username,
            login: names.login,
            email: names.email,
            password: hash,
            epoch: Epoch::random(self.random())?,
            date_joined: now,
            attributes: self.listed(attributes),
        };
        let inserted = self.inner.stores.users.insert(new).await;
        match (inserted, address) {
            (Ok(user), address) => {
                trail.user(user.id.clone());
                match address.filter(|_| safely_by_email) {
                    None => Ok(SignedUp::Created(Box::new(self.published(user)))),
                    Some(address) => self.accepted(MessageKind::Welcome, &address, trail).await,
                }
            }
            (Err(StoreError::Conflict(unique)), Some(address))
                if safely_by_email && (unique == Unique::Email || login_is_address) =>
            {
                // A new account is a write that a disk is waited for: without one in its place, the time of
                // the answer would tell.
                self.queue_no_mail(MessageKind::AddressTaken).await?;
                self.accepted(MessageKind::AddressTaken, &address, trail).await
            }
            (Err(StoreError::Conflict(Unique::Login)), _) if login_is_address && !beside_a_username => {
                Err(AuthError::Taken(Unique::Email))
            }
            (Err(error), _) => Err(error.into()),
        }
    }

    async fn accepted(
        &self,
        kind: MessageKind,
        address: &EmailAddress,
        trail: &mut Trail,
    ) -> Result<SignedUp, AuthError> {
        let recipient = address.canonical().as_str();
        self.mail_within_limits(kind, recipient, trail, |limits| limits.mail(kind, recipient)).await?;
        Ok(SignedUp::Accepted)
    }

    fn listed(&self, mut attributes: Map<String, Value>) -> Map<String, Value> {
        attributes.retain(|name, _| self.inner.settings.signup_attributes.contains(name));
        attributes
    }
}

/// The names of an account to be.
struct Names {
    username: Username,
    login: Login,
    email: Option<EmailAddress>,
}

impl Names {
    fn read(request: &SignUp, conduct: &Conduct) -> Result<Self, AuthError> {
        let identity = conduct.identity;
        match (identity, &request.username, &request.email) {
            (SignupIdentity::EmailOrUsername, Some(username), None) => Self::named(username, None, conduct),
            (SignupIdentity::EmailOrUsername, None, Some(email)) if request.email_as_name != Some(false) => {
                Self::addressed(email, conduct)
            }
            (SignupIdentity::EmailAndMaybeUsername, _, None) => Err(AuthError::field("email", FieldFault::Missing)),
            (SignupIdentity::EmailAndMaybeUsername, ..) if request.password.is_empty() => {
                Err(AuthError::field("password", FieldFault::Missing))
            }
            (SignupIdentity::UsernameAndEmail | SignupIdentity::EmailAndMaybeUsername, Some(username), Some(email)) => {
                Self::named(username, Some(address(email, conduct)?), conduct)
            }
            (SignupIdentity::EmailAndMaybeUsername, None, Some(email)) if request.email_as_name == Some(true) => {
                Self::addressed(email, conduct)
            }
            _ => Err(AuthError::Identity(identity)),
        }
    }

    fn addressed(email: &str, conduct: &Conduct) -> Result<Self, AuthError> {
        let email = address(email, conduct)?;
        let username = match conduct.names {
            NameRule::Apart => Username::from(&email),
            // The column of names is narrower than that of addresses.
            rule => Username::read(email.as_str(), rule).map_err(|fault| AuthError::field("email", fault))?,
        };
        Ok(Self { login: Login::from(&username), username, email: Some(email) })
    }

    fn named(username: &str, email: Option<EmailAddress>, conduct: &Conduct) -> Result<Self, AuthError> {
        if username.is_empty() {
            return Err(AuthError::field("username", FieldFault::Missing));
        }
        let username = Username::read(username, conduct.names).map_err(|fault| AuthError::field("username", fault))?;
        Ok(Self { login: Login::from(&username), username, email })
    }

    fn login_is_address(&self) -> bool {
        self.email.as_ref().is_some_and(|email| email.canonical().as_str() == self.login.canonical())
    }

    fn context_name(&self) -> Option<&str> {
        (!self.login_is_address()).then(|| self.username.as_str())
    }
}

fn address(text: &str, conduct: &Conduct) -> Result<EmailAddress, AuthError> {
    if text.is_empty() {
        return Err(AuthError::field("email", FieldFault::Missing));
    }
    EmailAddress::read(text, conduct.names).map_err(|fault| AuthError::field("email", fault))
}
