//! Which passwords are taken.

mod blocklist;
mod context;

use thiserror::Error;
use zeroize::Zeroizing;

use super::secret::Password;
use crate::fault::Fault;

pub use context::PolicyContext;

/// The least that ASVS 6.2.1 allows.
const FLOOR_CODE_POINTS: usize = 8;
/// Passwords of 64 code points must be possible (ASVS 6.2.9); one takes at most four bytes.
const MOST_CODE_POINTS: usize = 64;
const FLOOR_BYTES: usize = MOST_CODE_POINTS * 4;
const CEILING_BYTES: usize = 4_096;
const DEFAULT_BYTES: usize = 1_024;

/// Which passwords are taken: a length, and nothing that an attacker tries first.
///
/// There are no rules of composition: every code point counts as one, spaces and NUL included, and
/// a password is used exactly as received. 15 code points are the better minimum where a password
/// is all that protects an account.
///
/// ```
/// use auth_core::password::{Password, PasswordPolicy, PolicyContext, Weakness};
///
/// let policy = PasswordPolicy::default().min_code_points(12)?.context_words(["Acme"]);
/// let judge = |text: &str| {
///     let bounded = policy.bounded(Password::new(text)).unwrap();
///     policy.accept(bounded, &PolicyContext { username: Some("ann"), email: None }).map(drop)
/// };
/// assert_eq!(judge("tree house"), Err(Weakness::TooShort { min: 12 }));
/// assert_eq!(judge("passwordpassword"), Err(Weakness::Common));
/// assert_eq!(judge("acme-ann-acme"), Err(Weakness::Context));
/// assert_eq!(judge("a tree house in the rain"), Ok(()));
/// # Ok::<(), auth_core::config::Fault>(())
/// ```
#[derive(Debug, Clone)]
pub struct PasswordPolicy {
    min_code_points: usize,
    max_bytes: usize,
    context_words: Vec<String>,
}

/// At least 8 code points, at most 1,024 bytes, no words of the service.
impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_code_points: FLOOR_CODE_POINTS, max_bytes: DEFAULT_BYTES, context_words: Vec::new() }
    }
}

impl PasswordPolicy {
    /// Asks for at least this many Unicode code points.
    ///
    /// # Errors
    /// Outside 8 to 64.
    pub fn min_code_points(mut self, min: usize) -> Result<Self, Fault> {
        if !(FLOOR_CODE_POINTS..=MOST_CODE_POINTS).contains(&min) {
            let problem = format!("{min} is outside {FLOOR_CODE_POINTS} to {MOST_CODE_POINTS}");
            return Err(Fault::new("password_min", problem, "Take 8, or better 15"));
        }
        self.min_code_points = min;
        Ok(self)
    }

    /// Refuses what has more bytes than this before anything is computed. Longer is not safer.
    ///
    /// # Errors
    /// Outside 256 (64 code points of four bytes) to 4,096.
    pub fn max_bytes(mut self, max: usize) -> Result<Self, Fault> {
        if !(FLOOR_BYTES..=CEILING_BYTES).contains(&max) {
            let problem = format!("{max} is outside {FLOOR_BYTES} to {CEILING_BYTES}");
            return Err(Fault::new("password_max", problem, "Take 1024"));
        }
        self.max_bytes = max;
        Ok(self)
    }

    /// Words of which no password may consist: the name of the service, of the company.
    #[must_use]
    pub fn context_words(mut self, words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.context_words = words.into_iter().map(Into::into).collect();
        self
    }

    /// One more of the context words.
    #[must_use]
    pub(crate) fn and_context_word(mut self, word: &str) -> Self {
        self.context_words.push(word.to_owned());
        self
    }

    /// Measures a password. Every route does this before any hashing, sign-in included.
    ///
    /// # Errors
    /// When it has too many bytes; it is never cut.
    pub fn bounded(&self, password: Password) -> Result<BoundedPassword, PasswordTooLong> {
        let max_bytes = self.max_bytes;
        if password.expose().len() > max_bytes {
            Err(PasswordTooLong { max_bytes })
        } else {
            Ok(BoundedPassword(password))
        }
    }

    /// Takes a password as a new credential. Not asked at sign-in: an old password that would not
    /// be taken today still opens its account.
    ///
    /// # Errors
    /// With the first rule that the password breaks.
    pub fn accept(&self, password: BoundedPassword, context: &PolicyContext<'_>) -> Result<NewPassword, Weakness> {
        let lowercase = Zeroizing::new(password.0.expose().to_lowercase());
        if password.0.expose().chars().count() < self.min_code_points {
            return Err(Weakness::TooShort { min: self.min_code_points });
        }
        if blocklist::is_common(&lowercase) {
            return Err(Weakness::Common);
        }
        if context.spells(&lowercase, &self.context_words) {
            return Err(Weakness::Context);
        }
        Ok(NewPassword(password))
    }
}

/// A password that is short enough to be hashed.
#[derive(Debug)]
pub struct BoundedPassword(Password);

impl BoundedPassword {
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

/// A password that the policy took. Only this becomes a new credential.
#[derive(Debug)]
pub struct NewPassword(BoundedPassword);

impl NewPassword {
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(super) fn clear(&self) -> &Password {
        &self.0.0
    }
}

/// A password has more bytes than the policy takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Use at most {max_bytes} bytes.")]
#[non_exhaustive]
pub struct PasswordTooLong {
    /// The most that is taken.
    pub max_bytes: usize,
}

/// Why a password is not taken, as a sentence for whoever chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Weakness {
    /// Fewer Unicode code points than the minimum.
    #[error("Use at least {min} characters.")]
    TooShort {
        /// The minimum.
        min: usize,
    },
    /// Among those that attackers try first, a repetition of one, or a run of digits or letters.
    #[error("This password is one of the most common ones. Choose another.")]
    Common,
    /// It says no more than the name, the address and the service do.
    #[error("This password consists of your name, your address or the name of this service. Choose another.")]
    Context,
    /// The host's [`BreachCheck`](super::BreachCheck) knows it.
    #[error("This password was found in a data breach. Choose another.")]
    Breached,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(policy: &PasswordPolicy, text: &str) -> Result<(), Weakness> {
        let bounded = policy.bounded(Password::new(text)).unwrap();
        policy.accept(bounded, &PolicyContext::default()).map(drop)
    }

    #[test]
    fn length_is_counted_in_code_points() {
        let policy = PasswordPolicy::default().min_code_points(15).unwrap();
        for letter in ["é", "😀"] {
            assert_eq!(judge(&policy, &letter.repeat(15)), Ok(()));
            assert_eq!(judge(&policy, &letter.repeat(14)), Err(Weakness::TooShort { min: 15 }));
        }
    }

    #[test]
    fn a_password_is_refused_above_the_most_bytes_and_taken_up_to_them() {
        let policy = PasswordPolicy::default();
        assert!(policy.bounded(Password::new("x".repeat(1_024))).is_ok());
        assert_eq!(policy.bounded(Password::new("é".repeat(513))).unwrap_err(), PasswordTooLong { max_bytes: 1_024 });
        assert!(policy.bounded(Password::new("")).is_ok());
    }

    #[test]
    fn there_are_no_rules_of_composition() {
        for text in [" x x x x ", "\0\0\u{1b}\n\r\t\0!", "žluťoučký", "\u{202e}\u{feff}12345z"] {
            assert_eq!(judge(&PasswordPolicy::default(), text), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn case_does_not_hide_a_common_password() {
        assert_eq!(judge(&PasswordPolicy::default(), "PassWord"), Err(Weakness::Common));
    }

    #[test]
    fn an_account_without_words_leaves_only_those_of_the_service() {
        let policy = PasswordPolicy::default().context_words(["Acme Notes"]);
        assert_eq!(judge(&policy, "Notes, Acme!"), Err(Weakness::Context));
        assert_eq!(judge(&policy, "Notes of Acme"), Ok(()));
    }

    #[test]
    fn limits_outside_the_standards_are_faults() {
        let policy = PasswordPolicy::default;
        assert!(policy().min_code_points(7).is_err() && policy().min_code_points(65).is_err());
        assert!(policy().max_bytes(255).is_err() && policy().max_bytes(4_097).is_err());
    }

    #[test]
    fn a_weakness_is_a_sentence_that_a_person_may_read() {
        assert_eq!(Weakness::TooShort { min: 8 }.to_string(), "Use at least 8 characters.");
        assert!(
            format!("{:?}", PasswordPolicy::default().bounded(Password::new("hush hush"))).contains("Password(..)")
        );
    }
}
