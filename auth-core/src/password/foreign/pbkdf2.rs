use base64::Engine as _;
use base64::alphabet::Alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, STANDARD, STANDARD_NO_PAD};
use pbkdf2::{Algorithm, Params, Pbkdf2, pbkdf2_hmac};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::password::error::HashError;

/// Below it nothing slows a guess (RFC 8018 §4.2); above it a row buys too much time.
const FEWEST: u32 = 1_000;
const MOST: u32 = 2_000_000;
const LEAST_OUTPUT_BYTES: usize = 16;
const MOST_OUTPUT_BYTES: usize = 64;

/// passlib's base64: a dot in the place of the plus.
const DOTTED: GeneralPurpose = match Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./") {
    Ok(alphabet) => GeneralPurpose::new(&alphabet, NO_PAD),
    Err(_) => STANDARD_NO_PAD,
};

/// How often PBKDF2 repeats itself in new hashes.
///
/// The default is 600,000, as Django 4.2 writes and as the OWASP Password Storage Cheat Sheet asks
/// for. A later Django that shares the table writes more; take its number, or it hashes anew what
/// we have written, which signs people out here.
///
/// ```
/// use auth_core::password::Pbkdf2Iterations;
///
/// assert_eq!(Pbkdf2Iterations::default(), Pbkdf2Iterations::new(600_000)?);
/// assert!(Pbkdf2Iterations::new(10_000).is_err());
/// # Ok::<(), auth_core::config::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pbkdf2Iterations(u32);

impl Default for Pbkdf2Iterations {
    fn default() -> Self {
        Self(600_000)
    }
}

impl Pbkdf2Iterations {
    /// That many.
    ///
    /// # Errors
    /// Outside 600,000 to 2,000,000.
    pub fn new(iterations: u32) -> Result<Self, Fault> {
        if iterations < Self::default().0 { Err(fault(iterations)) } else { Self::danger_weak(iterations) }
    }

    /// Fewer than is safe, for tests that have no time to spare. Passwords hashed so are as good as
    /// published once the table leaks.
    ///
    /// # Errors
    /// Outside 1,000 to 2,000,000.
    pub fn danger_weak(iterations: u32) -> Result<Self, Fault> {
        if (FEWEST..=MOST).contains(&iterations) { Ok(Self(iterations)) } else { Err(fault(iterations)) }
    }
}

fn fault(iterations: u32) -> Fault {
    let problem = format!("{iterations} iterations are too few, or more than a server can give");
    Fault::new("hash_format", problem, "Take Pbkdf2Iterations::default()")
}

/// What PBKDF2 is built on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::password) enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

/// A PBKDF2 hash (RFC 8018 §5.2), taken apart.
#[derive(Clone)]
pub(in crate::password) struct Pbkdf2Hash {
    digest: Digest,
    iterations: Pbkdf2Iterations,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Pbkdf2Hash {
    /// With SHA-256, as Django writes it.
    pub(in crate::password) fn new(iterations: Pbkdf2Iterations, salt: &[u8], output: &[u8]) -> Self {
        Self { digest: Digest::Sha256, iterations, salt: salt.into(), output: output.into() }
    }

    /// With SHA-256 for a new password.
    pub(in crate::password) fn compute(
        iterations: Pbkdf2Iterations,
        salt: &[u8],
        password: &[u8],
    ) -> Result<Self, HashError> {
        let mut output = Zeroizing::new([0; 32]);
        derive(Digest::Sha256, iterations, salt, password, &mut *output)?;
        Ok(Self::new(iterations, salt, &*output))
    }

    /// `600000$salt$hash`: the salt as it stands, the hash as padded base64.
    pub(super) fn parse_django(digest: Digest, text: &str) -> Result<Self, &'static str> {
        let mut parts = text.split('$');
        let (Some(iterations), Some(salt), Some(output), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("it has not the parts of its format");
        };
        let output = STANDARD.decode(output).map_err(|_| "its hash is no base64")?;
        Self::bounded(digest, iterations, salt.into(), output)
    }

    /// `$pbkdf2-sha256$i=600000,l=32$salt$hash` and passlib's `$pbkdf2-sha256$29000$salt$hash`.
    pub(super) fn parse_crypt(text: &str) -> Result<Self, &'static str> {
        let parts: Vec<_> = text.split('$').collect();
        let ["", name, stated, salt, output] = *parts.as_slice() else {
            return Err("it has not the parts of its format");
        };
        let digest = if name == "pbkdf2-sha512" { Digest::Sha512 } else { Digest::Sha256 };
        let (iterations, encoding) = match stated.split(',').find_map(|param| param.strip_prefix("i=")) {
            Some(iterations) => (iterations, STANDARD_NO_PAD),
            None => (stated, DOTTED),
        };
        let salt = encoding.decode(salt).map_err(|_| "its salt is no base64")?;
        let output = encoding.decode(output).map_err(|_| "its hash is no base64")?;
        Self::bounded(digest, iterations, salt, output)
    }

    fn bounded(digest: Digest, iterations: &str, salt: Vec<u8>, output: Vec<u8>) -> Result<Self, &'static str> {
        if !(LEAST_OUTPUT_BYTES..=MOST_OUTPUT_BYTES).contains(&output.len()) {
            return Err("its hash is too short or too long");
        }
        let iterations: u32 = iterations.parse().map_err(|_| "its iterations are no number")?;
        // Each further block of output is the whole work once more.
        let blocks = u32::try_from(output.len().div_ceil(digest.bytes())).unwrap_or(u32::MAX);
        if iterations < FEWEST || iterations.saturating_mul(blocks) > MOST {
            return Err("its iterations are outside the bounds");
        }
        Ok(Self { digest, iterations: Pbkdf2Iterations(iterations), salt, output })
    }

    /// Compared in constant time.
    pub(in crate::password) fn matches(&self, password: &[u8]) -> Result<bool, HashError> {
        let mut computed = Zeroizing::new(vec![0; self.output.len()]);
        derive(self.digest, self.iterations, &self.salt, password, &mut computed)?;
        Ok(self.output.ct_eq(&computed).into())
    }

    /// `pbkdf2_sha256$600000$salt$hash`; `None` when the salt is no text without `$`.
    pub(in crate::password) fn to_django(&self) -> Option<String> {
        let salt = str::from_utf8(&self.salt).ok().filter(|salt| !salt.contains('$'))?;
        Some(format!("pbkdf2_sha256${}${salt}${}", self.iterations.0, STANDARD.encode(&self.output)))
    }
}

impl Digest {
    const fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

fn derive(
    digest: Digest,
    iterations: Pbkdf2Iterations,
    salt: &[u8],
    password: &[u8],
    output: &mut [u8],
) -> Result<(), HashError> {
    let algorithm = match digest {
        Digest::Sha1 => {
            pbkdf2_hmac::<Sha1>(password, salt, iterations.0, output);
            return Ok(());
        }
        Digest::Sha256 => Algorithm::Pbkdf2Sha256,
        Digest::Sha512 => Algorithm::Pbkdf2Sha512,
    };
    // By value, not by type: so the loop is compiled in its own crate, whose profile a host can set.
    let params = Params::new(iterations.0).map_err(HashError::foreign)?;
    Pbkdf2::new(algorithm, params).hash_password_into(password, salt, output);
    Ok(())
}
