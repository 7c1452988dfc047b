use std::fmt;

use zeroize::Zeroizing;

use crate::fault::Fault;

/// What the `keyid` of a PHC string holds.
const MOST_ID_BYTES: usize = 8;
const LEAST_KEY_BYTES: usize = 32;

/// A secret that enters every hash and is not in the database, so that a leaked table alone does
/// not let anybody guess passwords. Losing it loses every password.
#[derive(Clone)]
pub struct Pepper {
    id: PepperId,
    key: Zeroizing<Vec<u8>>,
}

/// Which pepper a hash was made with; it stands in the hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::password) struct PepperId(Box<[u8]>);

impl Pepper {
    /// A pepper under a name that is stored beside each hash.
    ///
    /// # Errors
    /// With an id outside 1 to 8 bytes, or a key of fewer than 32.
    pub fn new(id: &str, key: impl Into<Vec<u8>>) -> Result<Self, Fault> {
        let key = Zeroizing::new(key.into());
        if !(1..=MOST_ID_BYTES).contains(&id.len()) {
            return Err(Fault::new("pepper", "the id has not 1 to 8 bytes", "Number the peppers"));
        }
        if key.len() < LEAST_KEY_BYTES {
            return Err(Fault::new("pepper", "the key has fewer than 32 bytes", "Draw 32 random bytes"));
        }
        Ok(Self { id: PepperId(id.as_bytes().into()), key })
    }

    pub(in crate::password) fn id(&self) -> &PepperId {
        &self.id
    }

    pub(in crate::password) fn key(&self) -> &[u8] {
        &self.key
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(..)")
    }
}

impl PepperId {
    pub(super) fn stored(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The peppers that a server knows. Default: none.
///
/// To change a pepper, put the new one first: hashes move to it as their owners sign in. Take an
/// old one away and whoever has not signed in since must restore the password.
#[derive(Debug, Clone, Default)]
pub struct Peppers(Vec<Pepper>);

impl Peppers {
    /// The first is used for new hashes, the others only to verify.
    ///
    /// # Errors
    /// When two have the same id.
    pub fn new(peppers: impl IntoIterator<Item = Pepper>) -> Result<Self, Fault> {
        let mut known = Self::default();
        for pepper in peppers {
            if known.by_id(pepper.id()).is_some() {
                return Err(Fault::new("pepper", "two peppers have the same id", "Give each its own"));
            }
            known.0.push(pepper);
        }
        Ok(known)
    }

    pub(in crate::password) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::password) fn current(&self) -> Option<&Pepper> {
        self.0.first()
    }

    pub(in crate::password) fn by_id(&self, id: &PepperId) -> Option<&Pepper> {
        self.0.iter().find(|pepper| pepper.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_key_a_bad_id_and_a_repeated_id_are_faults() {
        assert!(Pepper::new("1", [7; 31]).is_err());
        assert!(Pepper::new("", [7; 32]).is_err() && Pepper::new("ninebytes", [7; 32]).is_err());
        let pepper = || Pepper::new("1", [7; 32]).unwrap();
        assert!(Peppers::new([pepper(), pepper()]).is_err());
        assert!(Peppers::new([pepper(), Pepper::new("2", [7; 32]).unwrap()]).is_ok());
    }

    #[test]
    fn debug_shows_no_key() {
        let peppers = Peppers::new([Pepper::new("1", [0xab; 32]).unwrap()]).unwrap();
        assert_eq!(format!("{peppers:?}"), "Peppers([Pepper(..)])");
    }
}
