/// One route of the contract. All are `POST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Route {
    /// A new account.
    Signup,
    /// A token for a password.
    Signin,
    /// A new token for an old one.
    Refresh,
    /// A mail with a link, and with its token a new password.
    Restore,
    /// Until when a token is good.
    Validation,
    /// The user of a token.
    GetUser,
    /// The end of a session.
    Signout,
}

impl Route {
    /// All routes, in the order of the contract.
    pub const ALL: [Self; 7] =
        [Self::Signup, Self::Signin, Self::Refresh, Self::Restore, Self::Validation, Self::GetUser, Self::Signout];

    /// The path below the mount point, without a trailing slash. Each route answers with one too.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Signup => "/signup",
            Self::Signin => "/signin",
            Self::Refresh => "/refresh",
            Self::Restore => "/restore",
            Self::Validation => "/validation",
            Self::GetUser => "/get_user",
            Self::Signout => "/signout",
        }
    }

    /// Whether an adapter reads the body. `/refresh` and `/signout` look at neither body nor media
    /// type.
    #[must_use]
    pub const fn reads_body(self) -> bool {
        !matches!(self, Self::Refresh | Self::Signout)
    }
}
