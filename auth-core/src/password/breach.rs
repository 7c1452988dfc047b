use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;

use super::policy::{NewPassword, Weakness};
use super::secret::Password;

/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks a list of leaked passwords, such as a range service or a local filter.
///
/// Asked after the policy, for new credentials only, never at sign-in. What fails, or takes longer
/// than three seconds, is logged and does not stop anybody: the policy has been satisfied already.
///
/// # Contract
/// Send no password and no whole digest of one to another machine.
#[async_trait]
pub trait BreachCheck: Send + Sync + 'static {
    /// Whether the password has leaked; it is read with [`Password::expose_to_breach_check`].
    async fn is_breached(&self, password: &Password) -> Result<bool, Box<dyn Error + Send + Sync>>;
}

impl NewPassword {
    /// Asks the host's check, if there is one.
    ///
    /// # Errors
    /// When the check knows the password.
    pub async fn screened(self, check: Option<&dyn BreachCheck>) -> Result<Self, Weakness> {
        self.screened_within(check, PATIENCE).await
    }

    async fn screened_within(self, check: Option<&dyn BreachCheck>, limit: Duration) -> Result<Self, Weakness> {
        let Some(check) = check else { return Ok(self) };
        match tokio::time::timeout(limit, check.is_breached(self.clear())).await {
            Ok(Ok(true)) => return Err(Weakness::Breached),
            Ok(Ok(false)) => {}
            Ok(Err(error)) => tracing::error!(error = &*error, "the breach check failed; the password was taken"),
            Err(_) => {
                tracing::error!(seconds = limit.as_secs(), "the breach check took too long; the password was taken");
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::testing::{block_on, new_password};

    enum Check {
        Knows(&'static str),
        Fails,
        Hangs,
    }

    #[async_trait]
    impl BreachCheck for Check {
        async fn is_breached(&self, password: &Password) -> Result<bool, Box<dyn Error + Send + Sync>> {
            match self {
                Self::Knows(known) => Ok(password.expose_to_breach_check() == *known),
                Self::Fails => Err("no route to host".into()),
                Self::Hangs => std::future::pending().await,
            }
        }
    }

    fn screen(check: &Check) -> Result<(), Weakness> {
        block_on(new_password("a tree house").screened_within(Some(check), Duration::ZERO)).map(drop)
    }

    #[test]
    fn a_leaked_password_is_refused() {
        assert_eq!(screen(&Check::Knows("a tree house")), Err(Weakness::Breached));
        assert_eq!(screen(&Check::Knows("another one")), Ok(()));
    }

    #[test]
    fn a_check_that_fails_or_hangs_stops_nobody() {
        assert_eq!(screen(&Check::Fails), Ok(()));
        assert_eq!(screen(&Check::Hangs), Ok(()));
    }
}
