use argon2::password_hash::phc::{Output, ParamsString, PasswordHash as Phc, Salt};
use argon2::{ARGON2ID_IDENT, KeyId, Params, ParamsBuilder, Version};
use subtle::ConstantTimeEq as _;

use super::params::Argon2Params;
use super::pepper::PepperId;
use crate::password::secret::PasswordHash;

pub(super) const SALT_BYTES: usize = 16;
pub(super) const OUTPUT_BYTES: usize = 32;
/// What other implementations wrote by default; a shorter output was cut.
const LEAST_OUTPUT_BYTES: usize = 16;

/// What the text in a store turns out to be. Further formats become further variants.
pub(super) enum StoredHash {
    Argon2id(Argon2idHash),
    /// Nobody signs in with it; why, for the operator.
    Unusable(&'static str),
}

/// An Argon2id hash of version 19, taken apart.
#[derive(Clone)]
pub(super) struct Argon2idHash {
    pub(super) params: Argon2Params,
    pub(super) pepper: Option<PepperId>,
    salt: Salt,
    output: Output,
}

impl StoredHash {
    pub(super) fn parse(stored: &PasswordHash) -> Self {
        let Ok(phc) = Phc::new(stored.expose()) else { return Self::Unusable("it is no complete PHC string") };
        let parsed = match phc.algorithm {
            ARGON2ID_IDENT => Argon2idHash::parse(&phc),
            _ => Err("its algorithm is not known"),
        };
        parsed.map_or_else(Self::Unusable, Self::Argon2id)
    }
}

impl Argon2idHash {
    pub(super) fn new(
        params: Argon2Params,
        pepper: Option<PepperId>,
        salt: &[u8; SALT_BYTES],
        output: &[u8; OUTPUT_BYTES],
    ) -> Option<Self> {
        Some(Self { params, pepper, salt: Salt::new(salt).ok()?, output: Output::new(output).ok()? })
    }

    fn parse(phc: &Phc) -> Result<Self, &'static str> {
        if phc.version != Some(Version::V0x13.into()) {
            return Err("its version of Argon2 is not 19");
        }
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
        Ok(Self { params, pepper, salt, output })
    }

    pub(super) fn salt(&self) -> &[u8] {
        self.salt.as_ref()
    }

    pub(super) fn output_len(&self) -> usize {
        self.output.len()
    }

    /// In constant time.
    pub(super) fn has_output(&self, computed: &[u8]) -> bool {
        self.output.as_bytes().ct_eq(computed).into()
    }

    /// Whether a hash made today would look otherwise.
    pub(super) fn is_outdated(&self, params: Argon2Params, pepper: Option<&PepperId>) -> bool {
        self.params != params
            || self.pepper.as_ref() != pepper
            || self.salt().len() < SALT_BYTES
            || self.output_len() != OUTPUT_BYTES
    }

    /// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, with `keyid` after `p` where there is a pepper.
    pub(super) fn to_phc(&self) -> Option<PasswordHash> {
        let mut stated = ParamsBuilder::new();
        stated.m_cost(self.params.memory()).t_cost(self.params.passes()).p_cost(self.params.lanes());
        if let Some(id) = &self.pepper {
            stated.keyid(KeyId::new(id.as_bytes()).ok()?);
        }
        let phc = Phc {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(stated.build().ok()?).ok()?,
            salt: Some(self.salt),
            hash: Some(self.output),
        };
        Some(PasswordHash::stored(phc.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "c2FsdHNhbHRzYWx0c2FsdA";
    const HASH: &str = "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";

    fn parse(text: &str) -> Result<Argon2idHash, &'static str> {
        match StoredHash::parse(&PasswordHash::stored(text)) {
            StoredHash::Argon2id(hash) => Ok(hash),
            StoredHash::Unusable(why) => Err(why),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for params in ["m=19456,t=2,p=1", "m=65536,t=3,p=4,keyid=djE"] {
            let text = format!("$argon2id$v=19${params}${SALT}${HASH}");
            assert_eq!(parse(&text).ok().unwrap().to_phc().unwrap().expose(), text);
        }
    }

    #[test]
    fn whatever_is_no_argon2id_of_version_19_is_unusable() {
        let whole = format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${HASH}");
        assert!((0..whole.len() - 23).all(|end| parse(&whole[..end]).is_err()));
        let bcrypt = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW";
        let django = "pbkdf2_sha256$600000$salt$aGFzaA==";
        for text in ["", "!", "$", "$$$$$", "é$", "\0", bcrypt, django, "!unusable", "$argon2id$v=é"] {
            assert!(parse(text).is_err(), "{text}");
        }
        for (from, to) in
            [("argon2id", "argon2i"), ("argon2id", "argon2d"), ("v=19", "v=16"), ("$v=19", ""), ("p=1", "p=1,data=djE")]
        {
            assert!(parse(&whole.replace(from, to)).is_err(), "{to}");
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
}
