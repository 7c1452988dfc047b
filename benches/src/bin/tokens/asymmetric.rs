//! The bare signatures of aws-lc-rs, with keys that are parsed already.

use auth_core::token::Algorithm;
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use benches::Result;

/// A key of its own making.
pub(crate) struct Floor {
    pair: Pair,
    public: ParsedPublicKey,
    pkcs8: Vec<u8>,
    random: SystemRandom,
}

enum Pair {
    EdDsa(Ed25519KeyPair),
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

/// What a token signs, and its signature, both decoded.
pub(crate) struct Signed {
    pub(crate) message: Vec<u8>,
    signature: Vec<u8>,
}

impl Floor {
    pub(crate) fn generate(algorithm: Algorithm) -> Result<Self> {
        let random = SystemRandom::new();
        let (pair, pkcs8, public) = match algorithm {
            Algorithm::EdDsa => {
                let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random)?.as_ref().to_vec();
                let pair = Ed25519KeyPair::from_pkcs8(&pkcs8)?;
                let public = parsed(&ED25519, pair.public_key().as_ref())?;
                (Pair::EdDsa(pair), pkcs8, public)
            }
            Algorithm::Es256 => {
                let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random)?.as_ref().to_vec();
                let pair = EcdsaKeyPair::from_pkcs8(kind, &pkcs8)?;
                let public = parsed(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref())?;
                (Pair::Es256(pair), pkcs8, public)
            }
            Algorithm::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
                let der: Pkcs8V1Der<'_> = pair.as_der()?;
                let pkcs8 = der.as_ref().to_vec();
                let public = parsed(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref())?;
                (Pair::Rs256(pair), pkcs8, public)
            }
            other => return Err(format!("{other} has no floor here").into()),
        };
        Ok(Self { pair, public, pkcs8, random })
    }

    /// The private key, for the library.
    pub(crate) fn pem(&self) -> String {
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(&self.pkcs8))
    }

    pub(crate) fn signed(&self, token: &str) -> Result<Signed> {
        let (message, signature) = token.rsplit_once('.').ok_or("no token")?;
        let signed = Signed { message: message.into(), signature: URL_SAFE_NO_PAD.decode(signature)? };
        if self.verify(&signed) { Ok(signed) } else { Err("the floor refuses a good token".into()) }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let message = std::hint::black_box(message);
        match &self.pair {
            Pair::EdDsa(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::Es256(pair) => Ok(pair.sign(&self.random, message)?.as_ref().to_vec()),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &self.random, message, &mut signature)?;
                Ok(signature)
            }
        }
    }

    pub(crate) fn verify(&self, signed: &Signed) -> bool {
        self.public.verify_sig(std::hint::black_box(&signed.message), &signed.signature).is_ok()
    }
}

fn parsed(kind: &'static dyn VerificationAlgorithm, public: &[u8]) -> Result<ParsedPublicKey> {
    Ok(ParsedPublicKey::new(kind, public)?)
}
