use std::fmt;

use auth_core::Random;
use auth_core::RandomError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use zeroize::Zeroizing;

/// The keys of one database in development, each 32 random bytes in URL-safe base64.
#[derive(Clone, PartialEq, Eq)]
pub struct DevelopmentKeys {
    /// Stands in for `JWT_SECRET`.
    pub(crate) jwt_secret: Zeroizing<String>,
    /// Stands in for `EMAIL_ENCRYPT_KEY`.
    pub(crate) email_encrypt_key: Zeroizing<String>,
    /// Opens the mailbox page.
    pub(crate) mailbox: Zeroizing<String>,
}

impl DevelopmentKeys {
    /// Draws fresh keys.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn draw(random: &dyn Random) -> Result<Self, RandomError> {
        Ok(Self { jwt_secret: key(random)?, email_encrypt_key: key(random)?, mailbox: key(random)? })
    }
}

fn key(random: &dyn Random) -> Result<Zeroizing<String>, RandomError> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(&mut *bytes)?;
    Ok(Zeroizing::new(URL_SAFE.encode(*bytes)))
}

impl fmt::Debug for DevelopmentKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DevelopmentKeys(..)")
    }
}
