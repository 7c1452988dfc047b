use super::*;
use crate::token::compact::{decode, encode};
use crate::token::verify::tests::{claims, rules};
use crate::token::{KeyMaterial, KeyRing, TokenFault};

const RSA: &str = include_str!("test_keys/rsa.pem");
const RSA_PKCS1: &str = include_str!("test_keys/rsa_pkcs1.pem");
const RSA_PUBLIC: &str = include_str!("test_keys/rsa_pub.pem");
const RSA_PUBLIC_PKCS1: &str = include_str!("test_keys/rsa_pub_pkcs1.pem");
const RSA_1024: &str = include_str!("test_keys/rsa_1024.pem");
const P256: &str = include_str!("test_keys/p256.pem");
const P256_PUBLIC: &str = include_str!("test_keys/p256_pub.pem");
const P256_SEC1: &str = include_str!("test_keys/p256_sec1.pem");
const P384: &str = include_str!("test_keys/p384.pem");
const P384_PUBLIC: &str = include_str!("test_keys/p384_pub.pem");
const ED: &str = include_str!("test_keys/ed25519.pem");
const ED_OTHER: &str = include_str!("test_keys/ed25519_other.pem");
const ED_PUBLIC: &str = include_str!("test_keys/ed25519_pub.pem");
const ED_ENCRYPTED: &str = include_str!("test_keys/ed25519_encrypted.pem");
const CERTIFICATE: &str = include_str!("test_keys/certificate.pem");

/// Each algorithm with its private and its public key.
const KEYS: [(Algorithm, &str, &str); 9] = [
    (Algorithm::Rs256, RSA, RSA_PUBLIC),
    (Algorithm::Rs384, RSA, RSA_PUBLIC),
    (Algorithm::Rs512, RSA_PKCS1, RSA_PUBLIC_PKCS1),
    (Algorithm::Ps256, RSA, RSA_PUBLIC),
    (Algorithm::Ps384, RSA_PKCS1, RSA_PUBLIC_PKCS1),
    (Algorithm::Ps512, RSA, RSA_PUBLIC),
    (Algorithm::Es256, P256, P256_PUBLIC),
    (Algorithm::Es384, P384, P384_PUBLIC),
    (Algorithm::EdDsa, ED, ED_PUBLIC),
];

fn ring(algorithm: Algorithm, pem: &str) -> Result<KeyRing, Vec<Fault>> {
    KeyRing::new(algorithm, &KeyMaterial::pem(pem), &[])
}

fn fault(algorithm: Algorithm, pem: &str) -> String {
    let faults = ring(algorithm, pem).unwrap_err();
    assert_eq!((faults.len(), faults[0].setting), (1, "JWT_SECRET"));
    faults[0].problem.to_string()
}

#[test]
fn every_algorithm_makes_the_round_trip() {
    for (algorithm, private, _) in KEYS {
        let ring = ring(algorithm, private).unwrap();
        let token = ring.mint(&claims()).unwrap();
        assert_eq!(ring.verify(token.expose(), &rules()).unwrap().claims(), &claims(), "{algorithm}");
        let (signed, signature) = token.expose().rsplit_once('.').unwrap();
        let mut signature = decode(signature).unwrap();
        signature[10] ^= 1;
        for wrong in [signature, vec![], vec![0; 64]] {
            let forged = format!("{signed}.{}", encode(wrong));
            assert_eq!(ring.verify(&forged, &rules()), Err(TokenFault::Signature), "{algorithm}");
        }
    }
}

#[test]
fn either_half_of_a_pair_verifies_and_has_the_same_kid() {
    for (algorithm, private, public) in KEYS {
        let kid = pair(algorithm, private).unwrap().verifying.kid;
        assert_eq!(verifying_key(algorithm, private).unwrap().kid, kid, "{algorithm}");
        assert_eq!(verifying_key(algorithm, public).unwrap().kid, kid, "{algorithm}");
    }
}

#[test]
fn a_rotated_out_pair_verifies_by_its_public_half() {
    let old = ring(Algorithm::EdDsa, ED).unwrap().mint(&claims()).unwrap();
    let rotated =
        |verifying: &[KeyMaterial]| KeyRing::new(Algorithm::EdDsa, &KeyMaterial::pem(ED_OTHER), verifying).unwrap();
    assert!(rotated(&[KeyMaterial::pem(ED_PUBLIC)]).verify(old.expose(), &rules()).is_ok());
    assert_eq!(rotated(&[]).verify(old.expose(), &rules()), Err(TokenFault::UnknownKey));
}

#[test]
fn a_kid_cannot_borrow_another_keys_signature() {
    let token = ring(Algorithm::EdDsa, ED_OTHER).unwrap().mint(&claims()).unwrap();
    let ours = ring(Algorithm::EdDsa, ED).unwrap();
    let header = ours.mint(&claims()).unwrap().expose().split('.').next().unwrap().to_owned();
    let tail = token.expose().split_once('.').unwrap().1.to_owned();
    assert_eq!(ours.verify(&format!("{header}.{tail}"), &rules()), Err(TokenFault::Signature));
}

#[test]
fn the_same_claims_give_the_same_bytes_under_rs_and_eddsa() {
    for (algorithm, private) in [(Algorithm::Rs256, RSA), (Algorithm::EdDsa, ED)] {
        let ring = ring(algorithm, private).unwrap();
        assert_eq!(ring.mint(&claims()).unwrap().expose(), ring.mint(&claims()).unwrap().expose());
    }
}

#[test]
fn a_key_of_another_family_or_curve_is_a_fault() {
    for (algorithm, pem) in [
        (Algorithm::Rs256, P256),
        (Algorithm::Rs256, ED),
        (Algorithm::Es256, RSA),
        (Algorithm::Es256, RSA_PKCS1),
        (Algorithm::Es256, ED),
        (Algorithm::EdDsa, RSA),
        (Algorithm::EdDsa, P256),
    ] {
        assert!(fault(algorithm, pem).contains("is not an"), "{algorithm}");
    }
    assert!(fault(Algorithm::Es256, P384).contains("does not work as a key for ES256"));
    assert!(fault(Algorithm::Es384, P256).contains("does not work as a key for ES384"));
}

#[test]
fn a_public_key_of_another_family_or_curve_is_a_fault() {
    for (algorithm, pem) in [
        (Algorithm::Rs256, P256_PUBLIC),
        (Algorithm::Es256, RSA_PUBLIC),
        (Algorithm::Es256, P384_PUBLIC),
        (Algorithm::Es384, P256_PUBLIC),
        (Algorithm::EdDsa, RSA_PUBLIC_PKCS1),
    ] {
        assert!(verifying_key(algorithm, pem).is_err(), "{algorithm}");
    }
}

#[test]
fn a_fault_says_what_was_given_instead_of_a_private_key() {
    assert!(fault(Algorithm::Rs256, RSA_PUBLIC).contains("public key"));
    assert!(fault(Algorithm::Rs256, RSA_PUBLIC_PKCS1).contains("public key"));
    assert!(fault(Algorithm::Es256, P256_SEC1).contains("SEC1"));
    assert!(fault(Algorithm::Es256, CERTIFICATE).contains("certificate"));
    assert!(fault(Algorithm::EdDsa, ED_ENCRYPTED).contains("encrypted"));
    assert!(fault(Algorithm::EdDsa, "").contains("not in PEM form"));
}

#[test]
fn a_damaged_key_is_a_fault() {
    for pem in [RSA, P256, P384, ED, RSA_PUBLIC] {
        for end in (0..pem.len()).step_by(17) {
            assert!(ring(Algorithm::Rs256, &pem[..end]).is_err());
        }
    }
    assert!(ring(Algorithm::EdDsa, &ED.replace("MC4C", "AAAA")).is_err());
    assert!(ring(Algorithm::Rs256, &RSA.replace('A', "B")).is_err());
}

#[test]
fn a_short_rsa_key_is_a_fault_before_it_is_tried() {
    for algorithm in [Algorithm::Rs256, Algorithm::Ps512] {
        assert!(fault(algorithm, RSA_1024).contains("does not work as a key"), "{algorithm}");
    }
}

#[test]
fn a_pem_of_one_line_with_escaped_line_ends_is_read() {
    for pem in
        [P256.replace('\n', "\\n"), P256.replace('\n', "\\r\\n"), P256.replace('\n', "\r\n"), format!("\n {P256}\n")]
    {
        assert!(ring(Algorithm::Es256, &pem).is_ok(), "{pem}");
    }
}

#[test]
fn a_shared_secret_is_no_key_for_an_asymmetric_algorithm() {
    let faults = KeyRing::new(Algorithm::Rs256, &KeyMaterial::secret("s".repeat(64)), &[]).unwrap_err();
    assert!(faults[0].problem.contains("takes a key in PEM"), "{}", faults[0]);
}

#[test]
fn the_public_key_used_as_a_shared_secret_forges_nothing() {
    let ours = ring(Algorithm::Rs256, RSA).unwrap();
    let signed = ours.mint(&claims()).unwrap();
    let payload = signed.expose().split('.').nth(1).unwrap().to_owned();
    let header = encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let forged = crate::token::hmac::pair(Algorithm::Hs256, RSA_PUBLIC.as_bytes()).unwrap();
    let mac = forged.signer.sign(format!("{header}.{payload}").as_bytes()).unwrap();
    let token = format!("{header}.{payload}.{}", encode(mac));
    assert_eq!(ours.verify(&token, &rules()), Err(TokenFault::Algorithm));
}

#[cfg(all(feature = "aws-lc-rs", feature = "rust-crypto"))]
#[test]
fn both_libraries_accept_each_others_signatures_and_name_keys_alike() {
    use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER as RUST;
    for (algorithm, private, public) in KEYS {
        let ours = pair(algorithm, private).unwrap();
        let key = pem::public(algorithm, public).unwrap();
        let theirs = (RUST.verifier_factory)(&algorithm.jose(), &key).unwrap();
        assert!(theirs.verify(b"m", &ours.signer.sign(b"m").unwrap()).is_ok(), "{algorithm}");

        let private = pem::private(algorithm, private).unwrap();
        let signature = (RUST.signer_factory)(&algorithm.jose(), &private).unwrap().try_sign(b"m").unwrap();
        assert!(ours.verifying.verify(b"m", &signature), "{algorithm}");
        let named = PublicKey::of_private(algorithm, &private, &RUST.key_utils).unwrap().thumbprint();
        assert_eq!(named, ours.verifying.kid, "{algorithm}");
    }
}
