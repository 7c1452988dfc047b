use argon2::password_hash::phc::{Output, ParamsString, PasswordHash as Phc, Salt};
use argon2::{ARGON2D_IDENT, ARGON2I_IDENT, ARGON2ID_IDENT, KeyId, Params, ParamsBuilder};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::params::Argon2Params;
use super::password_hasher::{Argon2Input, PasswordHasher, Variant, Version};
use super::pepper::{PepperId, Peppers};
use crate::password::error::HashError;

pub(in crate::password) const SALT_BYTES: usize = 16;
pub(in crate::password) const OUTPUT_BYTES: usize = 32;
/// What other implementations wrote by default; a shorter output was cut.
const LEAST_OUTPUT_BYTES: usize = 16;

/// An Argon2 hash, taken apart.
#[derive(Clone)]
pub(in crate::password) struct Argon2Hash {
    variant: Variant,
    version: Version,
    params: Argon2Params,
    pepper: Option<PepperId>,
    salt: Salt,
    output: Output,
}

impl Argon2Hash {
    /// An Argon2id hash of version 19; `None` when the salt has not 8 to 48 bytes.
    pub(in crate::password) fn new(
        params: Argon2Params,
        pepper: Option<PepperId>,
        salt: &[u8],
        output: &[u8; OUTPUT_BYTES],
    ) -> Option<Self> {
        let (salt, output) = (Salt::new(salt).ok()?, Output::new(output).ok()?);
        Some(Self { variant: Variant::Id, version: Version::V19, params, pepper, salt, output })
    }

    /// Any variant and version.
    pub(in crate::password) fn parse(text: &str) -> Result<Self, &'static str> {
        let phc = Phc::new(text).map_err(|_| "it is no complete PHC string")?;
        let variant = match phc.algorithm {
            ARGON2D_IDENT => Variant::D,
            ARGON2I_IDENT => Variant::I,
            ARGON2ID_IDENT => Variant::Id,
            _ => return Err("its algorithm is not known"),
        };
        // Without a version it is the first one, as the reference implementation reads it.
        let version = match phc.version {
            None | Some(16) => Version::V16,
            Some(19) => Version::V19,
            Some(_) => return Err("Argon2 has no such version"),
        };
        let (salt, output) = phc.salt.zip(phc.hash).ok_or("it ends before the hash")?;
        if output.len() < LEAST_OUTPUT_BYTES {
            return Err("it ends before the hash");
        }
        let stated = Params::try_from(&phc.params).map_err(|_| "Argon2 has no such parameters")?;
        if !stated.data().is_empty() {
            return Err("it has associated data");
        }
        let params = Argon2Params::bounded(stated.m_cost(), stated.t_cost(), stated.p_cost())
            .ok_or("its parameters are above the bounds")?;
        let pepper = Some(stated.keyid()).filter(|id| !id.is_empty()).map(PepperId::stored);
        Ok(Self { variant, version, params, pepper, salt, output })
    }

    /// Whether it is of the kind that is written today: Argon2id of version 19.
    pub(in crate::password) fn is_argon2id(&self) -> bool {
        self.variant == Variant::Id && self.version == Version::V19
    }

    /// Whether everything that it was computed with is at hand.
    pub(in crate::password) fn has_pepper(&self, peppers: &Peppers) -> bool {
        self.pepper.as_ref().is_none_or(|id| peppers.by_id(id).is_some())
    }

    /// Compared in constant time.
    pub(in crate::password) fn matches(
        &self,
        password: &[u8],
        peppers: &Peppers,
        kernel: &mut dyn PasswordHasher,
    ) -> Result<bool, HashError> {
        let input = Argon2Input {
            variant: self.variant,
            version: self.version,
            params: self.params,
            pepper: self.pepper.as_ref().and_then(|id| peppers.by_id(id)),
            password,
            salt: self.salt.as_ref(),
        };
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        kernel.argon2(&input, &mut output)?;
        Ok(self.output.as_bytes().ct_eq(&output).into())
    }

    /// Whether a hash made today would look otherwise.
    pub(in crate::password) fn is_outdated(&self, params: Argon2Params, pepper: Option<&PepperId>) -> bool {
        self.params != params
            || self.pepper.as_ref() != pepper
            || self.salt.len() < SALT_BYTES
            || self.output.len() != OUTPUT_BYTES
    }

    /// Whether guessing it is no cheaper than with these parameters.
    pub(in crate::password) fn is_as_strong_as(&self, params: Argon2Params) -> bool {
        self.params.work() >= params.work()
    }

    /// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, with `keyid` after `p` where there is a pepper.
    pub(in crate::password) fn to_phc(&self) -> Option<String> {
        let mut stated = ParamsBuilder::new();
        stated.m_cost(self.params.memory()).t_cost(self.params.passes()).p_cost(self.params.lanes());
        if let Some(id) = &self.pepper {
            stated.keyid(KeyId::new(id.as_bytes()).ok()?);
        }
        let phc = Phc {
            algorithm: match self.variant {
                Variant::D => ARGON2D_IDENT,
                Variant::I => ARGON2I_IDENT,
                Variant::Id => ARGON2ID_IDENT,
            },
            version: Some(match self.version {
                Version::V16 => 16,
                Version::V19 => 19,
            }),
            params: ParamsString::try_from(stated.build().ok()?).ok()?,
            salt: Some(self.salt),
            hash: Some(self.output),
        };
        Some(phc.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "c2FsdHNhbHRzYWx0c2FsdA";
    const HASH: &str = "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";

    fn parse(text: &str) -> Result<Argon2Hash, &'static str> {
        Argon2Hash::parse(text)
    }

    #[test]
    fn what_is_written_is_read_again() {
        for params in ["m=19456,t=2,p=1", "m=65536,t=3,p=4,keyid=djE"] {
            let text = format!("$argon2id$v=19${params}${SALT}${HASH}");
            assert_eq!(parse(&text).ok().unwrap().to_phc().unwrap(), text);
        }
    }

    #[test]
    fn whatever_is_no_complete_argon2_is_refused() {
        let whole = format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${HASH}");
        assert!((0..whole.len() - 23).all(|end| parse(&whole[..end]).is_err()));
        let bcrypt = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW";
        let django = "pbkdf2_sha256$600000$salt$aGFzaA==";
        for text in ["", "!", "$", "$$$$$", "é$", "\0", bcrypt, django, "!unusable", "$argon2id$v=é"] {
            assert!(parse(text).is_err(), "{text}");
        }
        for (from, to) in [("argon2id", "argon2x"), ("v=19", "v=17"), ("p=1", "p=1,data=djE")] {
            assert!(parse(&whole.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn only_argon2id_of_version_19_is_of_our_kind() {
        let whole = format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${HASH}");
        assert!(parse(&whole).ok().unwrap().is_argon2id());
        for (from, to) in [("argon2id", "argon2i"), ("argon2id", "argon2d"), ("v=19", "v=16"), ("$v=19", "")] {
            assert!(!parse(&whole.replace(from, to)).ok().unwrap().is_argon2id(), "{to}");
        }
    }

    #[test]
    fn parameters_above_the_bounds_are_unusable() {
        for params in ["m=4194304,t=100,p=1", "m=262145,t=1,p=1", "m=65536,t=17,p=1", "m=65536,t=1,p=17"] {
            let text = format!("$argon2id$v=19${params}${SALT}${HASH}");
            assert_eq!(parse(&text).err(), Some("its parameters are above the bounds"));
        }
        for params in ["m=7,t=1,p=1", "m=8,t=0,p=1", "m=8,t=1,p=0", "m=4294967295,t=4294967295,p=16777215"] {
            assert!(parse(&format!("$argon2id$v=19${params}${SALT}${HASH}")).is_err(), "{params}");
        }
    }

    #[test]
    fn no_damage_to_a_row_is_a_panic() {
        let whole = format!("$argon2id$v=19$m=19456,t=2,p=1,keyid=djE${SALT}${HASH}");
        for (at, _) in whole.char_indices() {
            for other in ["", "$", ",", "=", "é", "\0", "9", "m=1,", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
                drop(parse(&format!("{}{other}{}", &whole[..at], &whole[at + 1..])));
            }
        }
    }

    #[test]
    fn any_other_parameters_or_pepper_are_outdated() {
        let hash = parse(&format!("$argon2id$v=19$m=19456,t=2,p=1,keyid=djE${SALT}${HASH}")).ok().unwrap();
        let v1 = PepperId::stored(b"v1");
        assert!(!hash.is_outdated(Argon2Params::default(), Some(&v1)));
        assert!(hash.is_outdated(Argon2Params::strong(), Some(&v1)));
        assert!(hash.is_outdated(Argon2Params::default(), None));
        assert!(hash.is_outdated(Argon2Params::default(), Some(&PepperId::stored(b"v2"))));
    }

    #[test]
    fn strength_is_memory_times_passes() {
        let hash = parse(&format!("$argon2id$v=19$m=102400,t=2,p=8${SALT}${HASH}")).ok().unwrap();
        assert!(hash.is_as_strong_as(Argon2Params::default()) && hash.is_as_strong_as(Argon2Params::strong()));
        assert!(!hash.is_as_strong_as(Argon2Params::new(102_400, 3, 1).unwrap()));
    }
}
