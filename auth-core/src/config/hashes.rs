use std::time::Duration;

use super::Settings;
use crate::password::{ForeignHash, HashFormat};

/// More than the slowest usual hash takes, and still no burden for whoever mistypes.
pub(super) const DEFAULT_STEP: Duration = Duration::from_millis(250);

impl Settings {
    /// The formats of other programs that open an account too; none by default. Each failed
    /// sign-in then takes a multiple of [`Settings::failed_signin_step`].
    ///
    /// ```
    /// use auth_core::Settings;
    /// use auth_core::password::ForeignHash;
    ///
    /// let settings = Settings::from_env().foreign_hashes([ForeignHash::Bcrypt]);
    /// let of_django = Settings::from_env().foreign_hashes(ForeignHash::DJANGO);
    /// ```
    #[must_use]
    pub fn foreign_hashes(mut self, formats: impl IntoIterator<Item = ForeignHash>) -> Self {
        self.hashing.foreign = formats.into_iter().collect();
        self
    }

    /// How new passwords are stored; Argon2id as a PHC string by default. Django's formats are for
    /// a table that a Django project reads too, and exclude peppers, which it does not know.
    #[must_use]
    pub fn hash_format(mut self, format: HashFormat) -> Self {
        self.hashing.format = format;
        self
    }

    /// Where hashes of other programs are read: a failed sign-in is answered when a multiple of
    /// this has passed since a thread began with it, so that its time does not tell what kind of
    /// hash an account has, or that there is none. A quarter of a second by default, between one
    /// millisecond and five seconds; it should be more than the dearest stored hash takes.
    #[must_use]
    pub fn failed_signin_step(mut self, step: Duration) -> Self {
        self.failed_signin_step = step;
        self
    }
}
