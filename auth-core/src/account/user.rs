use serde::Serialize;
use serde_json::{Map, Value};

use super::{EmailAddress, Epoch, Login, UserId, Username};
use crate::clock::Timestamp;
use crate::password::PasswordHash;

/// An account as a store keeps it.
///
/// It is not `Serialize`, so that a handler cannot send a hash by mistake: what a client may see
/// is [`User::public`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct User {
    /// The account's key.
    pub id: UserId,
    /// The name as first given; the address itself for an account made with `email_as_name`.
    pub username: Username,
    /// The address as first given. Without one a password cannot be restored.
    pub email: Option<EmailAddress>,
    /// The stored hash, which may be unusable.
    pub password: PasswordHash,
    /// The present period of the credential.
    pub epoch: Epoch,
    /// Whether the account may sign in.
    pub is_active: bool,
    /// When the account was made.
    pub date_joined: Timestamp,
    /// The last sign-in with a password.
    pub last_login: Option<Timestamp>,
    /// What `RequireRole` reads. Never taken from a token.
    pub roles: Vec<String>,
    /// The host's own columns. Only those that the host lists as public leave the server.
    pub attributes: Map<String, Value>,
    /// The public part of `attributes`, filled in by [`Auth`](crate::Auth) from its settings.
    pub(crate) public_attributes: Map<String, Value>,
}

impl User {
    /// An active account with nothing optional set; for stores, which then fill in the rest.
    #[must_use]
    pub fn new(id: UserId, username: Username, password: PasswordHash, epoch: Epoch, date_joined: Timestamp) -> Self {
        Self {
            id,
            username,
            email: None,
            password,
            epoch,
            is_active: true,
            date_joined,
            last_login: None,
            roles: Vec::new(),
            attributes: Map::new(),
            public_attributes: Map::new(),
        }
    }

    /// What a client may see of this account.
    #[must_use]
    pub fn public(&self) -> PublicUser {
        PublicUser {
            id: self.id.clone(),
            username: self.username.as_str().to_owned(),
            email: self.email.as_ref().map(|address| address.as_str().to_owned()),
            is_active: self.is_active,
            date_joined: self.date_joined.to_rfc3339(),
            last_login: self.last_login.map(Timestamp::to_rfc3339),
            attributes: self.public_attributes.clone(),
        }
    }

    /// Whether the store gives this account the role.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    /// Keeps in [`User::public`] those attributes whose names are listed.
    pub(crate) fn with_public_attributes(mut self, listed: &[String]) -> Self {
        self.public_attributes = listed
            .iter()
            .filter_map(|name| self.attributes.get(name).map(|value| (name.clone(), value.clone())))
            .collect();
        self
    }
}

/// The user object of the wire contract: no hash, no restoring token, no epoch.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PublicUser {
    /// The account's key.
    pub id: UserId,
    /// The name as first given.
    pub username: String,
    /// The address as first given.
    pub email: Option<String>,
    /// Whether the account may sign in.
    pub is_active: bool,
    /// RFC 3339, UTC.
    pub date_joined: String,
    /// RFC 3339, UTC; `null` before the first sign-in.
    pub last_login: Option<String>,
    /// The host's public attributes, beside the keys above.
    #[serde(flatten)]
    pub attributes: Map<String, Value>,
}

/// An account about to be inserted. Only a sign-up that passed every check makes one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewUser {
    /// The key, for stores that do not draw their own.
    pub id: UserId,
    /// The name as given.
    pub username: Username,
    /// The unique key of the name: [`Login::canonical`].
    pub login: Login,
    /// The address as given; [`EmailAddress::canonical`] is unique where there is one.
    pub email: Option<EmailAddress>,
    /// The fresh hash.
    pub password: PasswordHash,
    /// The first epoch.
    pub epoch: Epoch,
    /// The present moment.
    pub date_joined: Timestamp,
    /// The attributes that the host lets sign-up fill.
    pub attributes: Map<String, Value>,
}

impl NewUser {
    /// The account that this becomes once a store has accepted it.
    #[must_use]
    pub fn into_user(self) -> User {
        let mut user = User::new(self.id, self.username, self.password, self.epoch, self.date_joined);
        user.email = self.email;
        user.attributes = self.attributes;
        user
    }
}
