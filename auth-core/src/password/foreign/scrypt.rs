use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use scrypt::Params;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::password::error::HashError;

/// N × r × p, at 128 bytes each: 128 MiB, the most that the OWASP Password Storage Cheat Sheet
/// names, and some tenths of a second.
const MOST_WORK: u64 = 1 << 20;
const LEAST_OUTPUT_BYTES: usize = 16;
const MOST_OUTPUT_BYTES: usize = 64;

/// An scrypt hash (RFC 7914), taken apart.
#[derive(Clone)]
pub(super) struct ScryptHash {
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl ScryptHash {
    /// `16384$salt$8$1$hash`: N, the salt as it stands, r, p, the hash as padded base64.
    pub(super) fn parse_django(text: &str) -> Result<Self, &'static str> {
        let parts: Vec<_> = text.split('$').collect();
        let [n, salt, r, p, output] = *parts.as_slice() else {
            return Err("it has not the parts of its format");
        };
        let n: u64 = n.parse().map_err(|_| "its N is no number")?;
        if !n.is_power_of_two() {
            return Err("its N is no power of two");
        }
        let output = STANDARD.decode(output).map_err(|_| "its hash is no base64")?;
        Self::bounded(n.ilog2(), r, p, salt.into(), output)
    }

    /// `ln=17,r=8,p=1$salt$hash`.
    pub(super) fn parse_phc(text: &str) -> Result<Self, &'static str> {
        let parts: Vec<_> = text.split('$').collect();
        let [stated, salt, output] = *parts.as_slice() else {
            return Err("it has not the parts of its format");
        };
        let mut params = stated.split(',');
        let mut param = |name| params.next().and_then(|param| param.strip_prefix(name)).ok_or("it lacks a parameter");
        let log_n = param("ln=")?.parse().map_err(|_| "its ln is no number")?;
        let (r, p) = (param("r=")?, param("p=")?);
        let salt = STANDARD_NO_PAD.decode(salt).map_err(|_| "its salt is no base64")?;
        let output = STANDARD_NO_PAD.decode(output).map_err(|_| "its hash is no base64")?;
        Self::bounded(log_n, r, p, salt, output)
    }

    fn bounded(log_n: u32, r: &str, p: &str, salt: Vec<u8>, output: Vec<u8>) -> Result<Self, &'static str> {
        if !(LEAST_OUTPUT_BYTES..=MOST_OUTPUT_BYTES).contains(&output.len()) {
            return Err("its hash is too short or too long");
        }
        let number = |text: &str| text.parse::<u32>().map_err(|_| "its r or p is no number");
        let (r, p) = (number(r)?, number(p)?);
        let work = 1u64.checked_shl(log_n).and_then(|n| n.checked_mul(r.into())?.checked_mul(p.into()));
        if work.is_none_or(|work| work == 0 || work > MOST_WORK) || log_n == 0 {
            return Err("its parameters are outside the bounds");
        }
        let log_n = u8::try_from(log_n).map_err(|_| "its parameters are outside the bounds")?;
        let params = Params::new(log_n, r, p).map_err(|_| "scrypt has no such parameters")?;
        Ok(Self { params, salt, output })
    }

    /// Compared in constant time. Its memory is allocated anew and not wiped: that is how the crate
    /// does it.
    pub(super) fn matches(&self, password: &[u8]) -> Result<bool, HashError> {
        let mut computed = Zeroizing::new(vec![0; self.output.len()]);
        scrypt::scrypt(password, &self.salt, &self.params, &mut computed).map_err(HashError::foreign)?;
        Ok(self.output.ct_eq(&computed).into())
    }
}
