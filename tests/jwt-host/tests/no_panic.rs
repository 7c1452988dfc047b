//! A host has both crypto features of jsonwebtoken on, and its own first use of it has failed.
//! Every action of the library works all the same, before and after.

#![expect(clippy::unwrap_used, reason = "what a test cannot set up is its failure")]

use std::panic::catch_unwind;

use auth_core::actions::{Credentials, SignUp};
use auth_core::config::MailBackend;
use auth_core::mail::MemoryMailer;
use auth_core::password::Argon2Params;
use auth_core::restore::EncryptKey;
use auth_core::store::MemoryStore;
use auth_core::token::{Algorithm, KeyMaterial};
use auth_core::{Auth, ClientInfo, Settings};
use jsonwebtoken::{EncodingKey, Header};

const SECRET: &str = "Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUEk7Vw1HyBs4DgMp0ArCjWe";
const RSA: &str = include_str!("../../../auth-core/src/token/asymmetric/test_keys/rsa.pem");
const P256: &str = include_str!("../../../auth-core/src/token/asymmetric/test_keys/p256.pem");
const P384: &str = include_str!("../../../auth-core/src/token/asymmetric/test_keys/p384.pem");
const ED25519: &str = include_str!("../../../auth-core/src/token/asymmetric/test_keys/ed25519.pem");

#[expect(clippy::disallowed_methods, reason = "this is the host, and that it panics is the point")]
fn the_hosts_own_use_panics() -> bool {
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    catch_unwind(|| jsonwebtoken::encode(&Header::default(), &serde_json::json!({}), &key)).is_err()
}

/// The whole life of a session, beside a host that fails before and after it.
async fn a_session_lives(algorithm: Algorithm, key: KeyMaterial) {
    assert!(the_hosts_own_use_panics(), "the features of jsonwebtoken no longer exclude each other");
    let (auth, client) = (auth(algorithm, key), ClientInfo::default());
    auth.signup(SignUp::with_username("ann", "correct horse battery"), &client).await.unwrap();
    let signed_in = auth.signin(Credentials::new("ann", "correct horse battery"), &client).await.unwrap();
    let refreshed = auth.refresh(signed_in.token.expose(), &client).await.unwrap();
    auth.validation(refreshed.token.expose(), &client).await.unwrap();
    let user = auth.get_user(refreshed.token.expose(), &client).await.unwrap();
    assert_eq!(user.username.as_str(), "ann");
    auth.signout(refreshed.token.expose(), &client).await.unwrap();
    assert!(auth.get_user(refreshed.token.expose(), &client).await.is_err());
    assert!(the_hosts_own_use_panics(), "the library installed a provider, which is the host's to choose");
}

fn auth(algorithm: Algorithm, key: KeyMaterial) -> Auth {
    let mut encrypt_key = [7; 32];
    encrypt_key[0] = 8;
    let settings = Settings::new(key, EncryptKey::from_bytes(encrypt_key), "https://app.example/r")
        .jwt_algorithm(algorithm)
        .mail_backend(MailBackend::Memory(MemoryMailer::new()))
        .argon2(Argon2Params::danger_weak(8, 1, 1).unwrap());
    Auth::builder(settings, MemoryStore::default()).build().unwrap()
}

#[tokio::test]
async fn with_a_shared_secret() {
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        a_session_lives(algorithm, KeyMaterial::secret(SECRET)).await;
    }
}

#[tokio::test]
async fn with_an_rsa_key() {
    for algorithm in [Algorithm::Rs256, Algorithm::Rs384, Algorithm::Rs512] {
        a_session_lives(algorithm, KeyMaterial::pem(RSA)).await;
    }
    for algorithm in [Algorithm::Ps256, Algorithm::Ps384, Algorithm::Ps512] {
        a_session_lives(algorithm, KeyMaterial::pem(RSA)).await;
    }
}

#[tokio::test]
async fn with_an_elliptic_curve_key() {
    a_session_lives(Algorithm::Es256, KeyMaterial::pem(P256)).await;
    a_session_lives(Algorithm::Es384, KeyMaterial::pem(P384)).await;
}

#[tokio::test]
async fn with_an_ed25519_key() {
    a_session_lives(Algorithm::EdDsa, KeyMaterial::pem(ED25519)).await;
}
