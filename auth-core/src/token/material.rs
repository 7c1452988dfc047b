use std::fmt;

use zeroize::Zeroizing;

/// A key as a configuration has it, wiped from memory when dropped. [`KeyRing`](super::KeyRing)
/// says whether it is good for anything.
#[derive(Clone)]
pub struct KeyMaterial(pub(super) Form);

#[derive(Clone)]
pub(super) enum Form {
    Secret(Zeroizing<Vec<u8>>),
    Pem(Zeroizing<String>),
}

impl KeyMaterial {
    /// A secret for the HS algorithms, used exactly as given.
    #[must_use]
    pub fn secret(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Form::Secret(Zeroizing::new(bytes.into())))
    }

    /// A key in PEM: PKCS#8 (`PRIVATE KEY`), for RSA also PKCS#1 (`RSA PRIVATE KEY`); to verify
    /// only, also the public half (`PUBLIC KEY`).
    ///
    /// Line ends may be the two characters `\n`, as environment files write them.
    #[must_use]
    pub fn pem(text: impl Into<String>) -> Self {
        let text = Zeroizing::new(text.into());
        Self(Form::Pem(Zeroizing::new(text.replace("\\r", "").replace("\\n", "\n").trim().to_owned())))
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyMaterial(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_a_key_hides_it() {
        assert_eq!(format!("{:?}", KeyMaterial::secret("s")), "KeyMaterial(..)");
        assert_eq!(format!("{:?}", KeyMaterial::pem("p")), "KeyMaterial(..)");
    }
}
