use base64::Engine as _;
use base64::alphabet;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// 14 is about a second of work; each one more is twice that.
const COSTS: std::ops::RangeInclusive<u32> = 4..=14;
const SALT_TEXT: usize = 22;
const OUTPUT_BYTES: usize = 23;
/// What bcrypt reads of a password, its final NUL included.
const MOST_PASSWORD_BYTES: usize = 72;

/// The last character of a salt has bits that nobody reads.
const BCRYPT: GeneralPurpose = GeneralPurpose::new(&alphabet::BCRYPT, NO_PAD.with_decode_allow_trailing_bits(true));

/// A bcrypt hash, taken apart.
#[derive(Clone)]
pub(super) struct BcryptHash {
    /// Whether it is the hash of the hexadecimal SHA-256 of the password, as Django does it so that
    /// no byte of it is lost.
    prehashed: bool,
    cost: u32,
    salt: [u8; 16],
    output: [u8; OUTPUT_BYTES],
}

impl BcryptHash {
    /// `$2b$12$` and 53 characters: salt and hash. `2x`, of a wrong implementation, is not read.
    pub(super) fn parse(text: &str, prehashed: bool) -> Result<Self, &'static str> {
        let parts: Vec<_> = text.split('$').collect();
        let ["", "2a" | "2b" | "2y", cost, rest] = *parts.as_slice() else {
            return Err("it has not the parts of its format");
        };
        let (salt, output) = rest.split_at_checked(SALT_TEXT).ok_or("it ends before the hash")?;
        let bytes = |text| BCRYPT.decode(text).map_err(|_| "it is no base64 of bcrypt");
        let salt = bytes(salt)?.try_into().map_err(|_| "its salt has not 16 bytes")?;
        let output = bytes(output)?.try_into().map_err(|_| "its hash has not 23 bytes")?;
        let cost = cost.parse().ok().filter(|cost| COSTS.contains(cost)).ok_or("its cost is outside the bounds")?;
        Ok(Self { prehashed, cost, salt, output })
    }

    /// Compared in constant time.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut key = Zeroizing::new([0; MOST_PASSWORD_BYTES]);
        let length = if self.prehashed {
            fill(&mut key, hexadecimal(&Sha256::digest(password)).as_bytes())
        } else {
            fill(&mut key, password)
        };
        let key = key.get(..length).unwrap_or_default();
        let computed = Zeroizing::new(bcrypt::bcrypt(self.cost, self.salt, key));
        computed.first_chunk().is_some_and(|computed: &[u8; OUTPUT_BYTES]| computed.ct_eq(&self.output).into())
    }
}

impl BcryptHash {
    /// Whether it says nothing about the end of this password.
    pub(super) fn cuts(&self, password: &[u8]) -> bool {
        !self.prehashed && password.len() >= MOST_PASSWORD_BYTES
    }
}

/// Copies as much as bcrypt reads, with the NUL after it; how long that is.
fn fill(key: &mut [u8; MOST_PASSWORD_BYTES], password: &[u8]) -> usize {
    key.iter_mut().zip(password).for_each(|(to, from)| *to = *from);
    MOST_PASSWORD_BYTES.min(password.len() + 1)
}

fn hexadecimal(bytes: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Zeroizing::new(digits.filter_map(|digit| DIGITS.get(usize::from(digit)).map(|digit| char::from(*digit))).collect())
}
