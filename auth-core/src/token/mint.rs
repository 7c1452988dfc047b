use super::access_token::{AccessToken, MAX_BYTES};
use super::claims::Claims;
use super::compact::encode;
use super::fault::SigningError;
use super::keyring::KeyRing;

impl KeyRing {
    /// Signs `claims`. The same claims give the same bytes under HS, RS and `EdDSA`.
    ///
    /// # Errors
    /// When the key fails to sign, or the claims are so long that the token would be refused.
    pub fn mint(&self, claims: &Claims) -> Result<AccessToken, SigningError> {
        let mut token = format!("{}.{}", self.header(), encode(claims.to_json().map_err(SigningError::Json)?));
        let signature = encode(self.signer().sign(token.as_bytes())?);
        token.reserve_exact(1 + signature.len());
        token.push('.');
        token.push_str(&signature);
        if token.len() > MAX_BYTES { Err(SigningError::TooLong) } else { Ok(AccessToken::new(token)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::verify::tests::{claims, ring, rules};

    #[test]
    fn the_same_claims_give_the_same_bytes() {
        let mint = || ring().mint(&claims()).unwrap();
        assert_eq!(mint().expose(), mint().expose());
    }

    #[test]
    fn what_is_minted_verifies_to_the_same_claims() {
        let token = ring().mint(&claims()).unwrap();
        assert_eq!(ring().verify(token.expose(), &rules()).unwrap().claims(), &claims());
    }

    #[test]
    fn a_token_that_would_be_refused_is_not_minted() {
        let long = Claims { role: Some("r".repeat(MAX_BYTES)), ..claims() };
        assert!(matches!(ring().mint(&long), Err(SigningError::TooLong)));
    }
}
