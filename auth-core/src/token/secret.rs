use super::algorithm::Algorithm;
use crate::fault::Fault;

const MEND: &str = "Make one with `openssl rand -base64 48` and keep it out of the repository";

/// Refuses a secret that an attacker could guess or look up.
pub(super) fn check(algorithm: Algorithm, secret: &[u8]) -> Result<(), Fault> {
    let text = String::from_utf8_lossy(secret.trim_ascii());
    if text.contains("-----BEGIN ") {
        return Err(fault(
            format!("is a PEM key, which {algorithm} would use as a shared secret: the public half is no secret"),
            "Set JWT_ALGORITHM to that of the key, or use random bytes",
        ));
    }
    let least = hash_bytes(algorithm);
    if secret.len() < least {
        return Err(fault(
            format!("is {} bytes long, and {algorithm} needs {least} (RFC 7518 §3.2)", secret.len()),
            MEND,
        ));
    }
    if is_repetition(secret) || is_placeholder(&text) || SAMPLES.contains(&&*text) || secret == RFC_7515_A_1 {
        return Err(fault("is a placeholder or a sample that attackers try first", MEND));
    }
    Ok(())
}

fn fault(problem: impl Into<std::borrow::Cow<'static, str>>, mend: &'static str) -> Fault {
    Fault::new("JWT_SECRET", problem, mend)
}

const fn hash_bytes(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Hs384 => 48,
        Algorithm::Hs512 => 64,
        _ => 32,
    }
}

/// So few different bytes that no random source made them, or one of the words that people pad to the length with.
fn is_repetition(secret: &[u8]) -> bool {
    let letters: Vec<u8> =
        secret.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    let repeats =
        |text: &[u8], unit: &[u8]| text.starts_with(unit) && text.chunks(unit.len()).all(|part| unit.starts_with(part));
    distinct(secret) < LEAST_DISTINCT || WORDS.iter().any(|word| repeats(&letters, word.as_bytes()))
}

fn distinct(secret: &[u8]) -> usize {
    secret.iter().collect::<std::collections::BTreeSet<_>>().len()
}

/// A text that says itself that it is to be replaced.
fn is_placeholder(text: &str) -> bool {
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    text.starts_with("django-insecure-")
        || ["changeme", "changethis", "replaceme", "replacethis", "replaceit"].iter().any(|hint| letters.contains(hint))
        || (letters.starts_with("your") && letters.contains("secret"))
}

/// 32 random hexadecimal digits have fewer once in twenty million draws.
const LEAST_DISTINCT: usize = 8;

const WORDS: [&str; 6] = ["changeme", "secret", "password", "jwtsecret", "secretkey", "supersecret"];

/// Secrets of documentation and tutorials that are long enough to pass, as they stand in public
/// code by the thousand.
const SAMPLES: [&str; 19] = [
    // jwt.io
    "a-string-secret-at-least-256-bits-long",
    "a-valid-string-secret-that-is-at-least-384-bits-long",
    "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
    // PostgREST
    "reallyreallyreallyreallyverysafe",
    // Supabase
    "super-secret-jwt-token-with-at-least-32-characters-long",
    // Hasura
    "3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R",
    // FastAPI
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    // Directus
    "255d861b-5ea1-5996-9aa3-922530ec40b1",
    "6116487b-cda1-52c2-b5b5-c8022c45e263",
    // Spring tutorials
    "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970",
    "9a4f2c8d3b7a1e6f45c8a0b3f267d8b1d4e6f3c8a9d2b5f8e3a9c8b5f6v8a3d9",
    "======================BezKoder=Spring===========================",
    // ASP.NET tutorials
    "JWTAuthenticationHIGHsecuredPasswordVVVp1OH7Xzyr",
    "ByYM000OLlMQG6VVVp1OH7Xzyr7gHuw1qvUC5dcGt3SNM",
    // RFC 7515, appendix A.1
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    "0123456789abcdef0123456789abcdef",
    "12345678901234567890123456789012",
    "abcdefghijklmnopqrstuvwxyz123456",
    "abcdefghijklmnopqrstuvwxyz0123456789",
];

/// The key of RFC 7515, appendix A.1, as bytes.
pub(super) const RFC_7515_A_1: [u8; 64] = [
    3, 35, 53, 75, 43, 15, 165, 188, 131, 126, 6, 101, 119, 123, 166, 143, 90, 179, 40, 230, 240, 84, 201, 40, 169, 15,
    132, 178, 210, 80, 46, 191, 211, 251, 90, 146, 210, 6, 71, 239, 150, 138, 180, 195, 119, 98, 61, 34, 61, 46, 33,
    114, 5, 46, 79, 8, 192, 205, 154, 245, 103, 208, 128, 163,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(secret: &[u8]) -> bool {
        check(Algorithm::Hs256, secret).is_err()
    }

    #[test]
    fn a_secret_is_at_least_as_long_as_the_hash() {
        let random = b"Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUEk7Vw1HyBs4DgMp0ArCjWeQ";
        for (algorithm, least) in [(Algorithm::Hs256, 32), (Algorithm::Hs384, 48), (Algorithm::Hs512, 64)] {
            assert!(check(algorithm, &random[..least - 1]).is_err(), "{algorithm}");
            assert_eq!(check(algorithm, &random[..least]), Ok(()), "{algorithm}");
        }
        assert!(refused(b""));
    }

    #[test]
    fn repetitions_are_refused() {
        for secret in
            ["a".repeat(40), "\0".repeat(32), "changeme".repeat(5), "Change-Me_".repeat(5), "secret".repeat(6)]
        {
            assert!(refused(secret.as_bytes()), "{secret}");
        }
    }

    #[test]
    fn samples_are_refused_with_space_around_too() {
        for sample in SAMPLES {
            assert!(refused(sample.as_bytes()), "{sample}");
            assert!(refused(format!("{sample}\n").as_bytes()), "{sample}");
        }
        assert!(refused(&RFC_7515_A_1));
    }

    #[test]
    fn texts_that_ask_to_be_replaced_are_refused() {
        for secret in [
            "your-super-secret-jwt-token-with-at-least-32-characters-long",
            "django-insecure-8f3k2j5h6g7d8s9a0q1w2e3r4t5y6u7i",
            "some-long-key-that-you-must-change_me-before-use",
            "THIS IS USED TO SIGN AND VERIFY JWT TOKENS, REPLACE IT WITH YOUR OWN SECRET",
        ] {
            assert!(refused(secret.as_bytes()), "{secret}");
        }
    }

    #[test]
    fn a_pem_key_is_no_shared_secret() {
        let fault = check(Algorithm::Hs256, b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----")
            .unwrap_err();
        assert!(fault.mend.contains("JWT_ALGORITHM"), "{fault}");
    }

    #[test]
    fn a_fault_does_not_tell_the_secret() {
        assert!(!check(Algorithm::Hs256, b"hunter2").unwrap_err().to_string().contains("hunter2"));
    }

    #[test]
    fn random_bytes_of_any_kind_pass() {
        assert!(!refused(&(0..32).map(|n| (n * 7) ^ 0x5a).collect::<Vec<u8>>()));
        assert!(!refused(&(0..32).map(|n| if n == 0 { b's' } else { 128 + n }).collect::<Vec<u8>>()));
        assert!(!refused(b"correct horse battery staple, and then some more"));
    }
}
