use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::password::foreign::{ForeignHash, Pbkdf2Iterations};
use crate::password::testing::{bounded, new_password, user, weightless};
use crate::password::{Argon2Params, HashFormat, HashingSettings, Pepper, Peppers};
use crate::random::{OsRandom, Random, RandomError};

const PASSWORD: &str = "a tree house";
/// By argon2-cffi 25 for `PASSWORD`.
const FOREIGN: &str = "$argon2id$v=19$m=64,t=1,p=2$c29tZXNhbHRzb21lc2FsdA$w+XXAFzhPTorKkRtsADrEYs/+FtLZw4UfX1SPQpPTLc";

fn hasher(params: Argon2Params, peppers: &[&str]) -> Hasher {
    let peppers = peppers.iter().map(|id| Pepper::new(id, id.as_bytes().repeat(32)).unwrap());
    with(&HashingSettings { params, peppers: Peppers::new(peppers).unwrap(), ..HashingSettings::default() })
}

/// Weightless, with Django's formats accepted and this one written.
fn django(format: HashFormat) -> Hasher {
    let foreign = ForeignHash::DJANGO.to_vec();
    with(&HashingSettings { params: weightless(), foreign, format, ..HashingSettings::default() })
}

fn with(settings: &HashingSettings) -> Hasher {
    drawing(settings, Arc::new(OsRandom))
}

fn drawing(settings: &HashingSettings, random: Arc<dyn Random>) -> Hasher {
    let Prepared { scheme, kernel, .. } = HashingScheme::prepare(settings, random).unwrap();
    Hasher::new(Arc::new(scheme), kernel)
}

/// What came of it, and how many hashes it took.
fn verify(hasher: &mut Hasher, user: Option<User>, password: &str) -> (Verification, u64) {
    let before = hasher.scheme.computed();
    let verification = hasher.verify(user, &bounded(password)).unwrap();
    (verification, hasher.scheme.computed() - before)
}

fn refusal(hasher: &mut Hasher, user: Option<User>, password: &str) -> (Option<Refusal>, u64) {
    match verify(hasher, user, password) {
        (Verification::Refused(refusal), computed) => (Some(refusal), computed),
        (Verification::Proven { .. }, computed) => (None, computed),
    }
}

#[test]
fn a_new_hash_states_the_default_parameters() {
    let hash = hasher(Argon2Params::default(), &[]).hash(&new_password(PASSWORD)).unwrap();
    let rest = hash.expose().strip_prefix("$argon2id$v=19$m=19456,t=2,p=1$").unwrap();
    let (salt, output) = rest.split_once('$').unwrap();
    assert_eq!((salt.len(), output.len()), (22, 43));
}

#[test]
fn every_branch_computes_exactly_one_hash() {
    let mut hasher = hasher(weightless(), &[]);
    let known = user(&hasher.hash(&new_password(PASSWORD)).unwrap());
    let inactive = User { is_active: false, ..known.clone() };
    assert_eq!(refusal(&mut hasher, None, PASSWORD), (Some(Refusal::UnknownUser), 1));
    assert_eq!(refusal(&mut hasher, Some(known.clone()), PASSWORD), (None, 1));
    assert_eq!(refusal(&mut hasher, Some(known), "another"), (Some(Refusal::WrongPassword), 1));
    assert_eq!(refusal(&mut hasher, Some(inactive.clone()), PASSWORD), (Some(Refusal::Inactive), 1));
    assert_eq!(refusal(&mut hasher, Some(inactive), "another"), (Some(Refusal::WrongPassword), 1));
    let bcrypt = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW";
    for text in ["", "!", bcrypt, &FOREIGN[..FOREIGN.len() - 30], "$argon2id$v=19$m=19456,t=2,p=1$"] {
        let broken = user(&PasswordHash::stored(text));
        assert_eq!(refusal(&mut hasher, Some(broken), PASSWORD), (Some(Refusal::UnusableHash), 1), "{text}");
    }
}

#[test]
fn the_memory_of_the_first_measurement_is_handed_on_where_there_is_any() {
    assert_eq!(with(&HashingSettings { params: weightless(), ..HashingSettings::default() }).kernel.kept(), 8);
    let pbkdf2 = HashFormat::DjangoPbkdf2Sha256(Pbkdf2Iterations::danger_weak(1_000).unwrap());
    assert_eq!(django(pbkdf2).kernel.kept(), 0);
}

#[test]
fn a_hostile_row_buys_no_memory() {
    let mut hasher = hasher(weightless(), &[]);
    let row = FOREIGN.replace("m=64,t=1", "m=4194304,t=100");
    let hostile = user(&PasswordHash::stored(row));
    assert_eq!(refusal(&mut hasher, Some(hostile), PASSWORD), (Some(Refusal::UnusableHash), 1));
    assert_eq!(hasher.kernel.kept(), 8);
}

#[test]
fn a_hash_of_another_implementation_is_verified_upgraded_and_its_memory_given_back() {
    let mut hasher = hasher(weightless(), &[]);
    let foreign = user(&PasswordHash::stored(FOREIGN));
    assert_eq!(refusal(&mut hasher, Some(foreign.clone()), "a tree hous"), (Some(Refusal::WrongPassword), 1));
    let (Verification::Proven { proven, upgrade: Some(hash) }, 2) = verify(&mut hasher, Some(foreign), PASSWORD) else {
        panic!("not upgraded");
    };
    assert_eq!(proven.user().username.as_str(), "ann");
    assert!(hash.expose().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    assert_eq!(refusal(&mut hasher, Some(user(&hash)), PASSWORD), (None, 1));
    assert_eq!(hasher.kernel.kept(), 8);
}

#[test]
fn a_password_counts_to_its_last_byte() {
    let mut hasher = hasher(weightless(), &[]);
    let long = "x".repeat(100);
    for (whole, part) in [(&*long, &long[..99]), (&long, &long[..72]), ("fifteen letters\0b", "fifteen letters")] {
        let user = user(&hasher.hash(&new_password(whole)).unwrap());
        assert_eq!(refusal(&mut hasher, Some(user.clone()), whole).0, None);
        assert_eq!(refusal(&mut hasher, Some(user), part).0, Some(Refusal::WrongPassword));
    }
}

#[test]
fn a_pepper_is_named_in_the_hash_and_without_it_nobody_signs_in() {
    let hash = hasher(weightless(), &["v1"]).hash(&new_password(PASSWORD)).unwrap();
    assert!(hash.expose().contains("p=1,keyid=djE$"));
    let with = |peppers: &[&str]| verify(&mut hasher(weightless(), peppers), Some(user(&hash)), PASSWORD).0;
    assert!(matches!(with(&["v1"]), Verification::Proven { upgrade: None, .. }));
    assert!(matches!(with(&["v2", "v1"]), Verification::Proven { upgrade: Some(_), .. }));
    assert!(matches!(with(&["v2"]), Verification::Refused(Refusal::UnusableHash)));
    assert!(matches!(with(&[]), Verification::Refused(Refusal::UnusableHash)));
    let forged = PasswordHash::stored(hash.expose().replace(",keyid=djE", ""));
    assert_eq!(
        refusal(&mut hasher(weightless(), &["v1"]), Some(user(&forged)), PASSWORD).0,
        Some(Refusal::WrongPassword)
    );
}

#[test]
fn without_entropy_there_is_no_hash_but_still_a_sign_in() {
    struct Dry(AtomicU64);
    impl Random for Dry {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
            let spent = self.0.fetch_add(1, Ordering::Relaxed) >= 2;
            if spent { Err(RandomError::new("dry")) } else { OsRandom.fill(bytes) }
        }
    }
    let settings = HashingSettings { params: weightless(), ..HashingSettings::default() };
    let mut hasher = drawing(&settings, Arc::new(Dry(AtomicU64::new(0))));
    assert!(matches!(hasher.hash(&new_password(PASSWORD)), Err(HashError::Random(_))));
    let foreign = user(&PasswordHash::stored(FOREIGN));
    assert!(matches!(verify(&mut hasher, Some(foreign), PASSWORD).0, Verification::Proven { upgrade: None, .. }));
}

const DJANGO_PBKDF2: &str = "pbkdf2_sha256$1000$Gf3sWFq6N1WwJ9VPwP3XAO$VtLY0mY8doJoMtei6O42ZgsuFNFDgyohCGM7bpBbh+c=";
const DJANGO_PASSWORD: &str = "a tree house in the rain";

#[test]
fn a_foreign_hash_opens_nothing_where_it_is_not_accepted() {
    let stored = || Some(user(&PasswordHash::stored(DJANGO_PBKDF2)));
    assert_eq!(refusal(&mut hasher(weightless(), &[]), stored(), DJANGO_PASSWORD), (Some(Refusal::UnusableHash), 1));
    assert_eq!(refusal(&mut django(HashFormat::Argon2id), stored(), "another"), (Some(Refusal::WrongPassword), 1));
    assert_eq!(refusal(&mut django(HashFormat::Argon2id), stored(), DJANGO_PASSWORD), (None, 2));
}

#[test]
fn what_is_written_for_django_is_read_again() {
    let weak = HashFormat::DjangoPbkdf2Sha256(Pbkdf2Iterations::danger_weak(1_000).unwrap());
    for (format, prefix, length) in
        [(weak, "pbkdf2_sha256$1000$", 86), (HashFormat::DjangoArgon2, "argon2$argon2id$v=19$m=8,t=1,p=1$", 107)]
    {
        let mut hasher = with(&HashingSettings { params: weightless(), format, ..HashingSettings::default() });
        let hash = hasher.hash(&new_password(DJANGO_PASSWORD)).unwrap();
        assert!(hash.expose().starts_with(prefix) && hash.expose().len() == length, "{}", hash.expose());
        assert_eq!(refusal(&mut hasher, Some(user(&hash)), DJANGO_PASSWORD), (None, 1));
        assert_eq!(refusal(&mut hasher, Some(user(&hash)), "another"), (Some(Refusal::WrongPassword), 1));
        assert_eq!(refusal(&mut hasher, None, DJANGO_PASSWORD), (Some(Refusal::UnknownUser), 1));
    }
}

#[test]
fn old_hashes_are_replaced_only_by_argon2() {
    let weak = HashFormat::DjangoPbkdf2Sha256(Pbkdf2Iterations::danger_weak(1_000).unwrap());
    let upgraded = |format, stored: &str| match verify(
        &mut django(format),
        Some(user(&PasswordHash::stored(stored))),
        DJANGO_PASSWORD,
    ) {
        (Verification::Proven { upgrade, .. }, _) => upgrade.map(|hash| hash.expose().to_owned()),
        (Verification::Refused(refusal), _) => panic!("{refusal}"),
    };
    let django_argon2 =
        "argon2$argon2id$v=19$m=64,t=1,p=2$OEhOYzJ5WWhtMlJMc0drMk5SOVk1dg$Asq5NsfB27CI+tj30sBLlLx6+1Qn1S4ajPWQPEc8Rzw";
    assert_eq!(upgraded(weak, DJANGO_PBKDF2), None);
    assert_eq!(upgraded(weak, django_argon2), None);
    assert_eq!(upgraded(HashFormat::DjangoArgon2, django_argon2), None, "it is no weaker");
    assert!(upgraded(HashFormat::DjangoArgon2, DJANGO_PBKDF2).unwrap().starts_with("argon2$argon2id$"));
    assert!(upgraded(HashFormat::Argon2id, DJANGO_PBKDF2).unwrap().starts_with("$argon2id$"));
    assert!(upgraded(HashFormat::Argon2id, django_argon2).unwrap().starts_with("$argon2id$"));
}

#[test]
fn with_the_same_salt_django_writes_the_same() {
    struct Fixed;
    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
            bytes.iter_mut().zip(b"somesalt".iter().cycle()).for_each(|(to, from)| *to = *from);
            Ok(())
        }
    }
    let weak = HashFormat::DjangoPbkdf2Sha256(Pbkdf2Iterations::danger_weak(1_000).unwrap());
    let by_django = [
        (weak, "pbkdf2_sha256$1000$c29tZXNhbHRzb21lc2FsdA$bpmPWbU3b5vjGufxLuVH4LsuJjxMszYOtoUgZAm2z5g="),
        (
            HashFormat::DjangoArgon2,
            "argon2$argon2id$v=19$m=64,t=1,p=2$YzI5dFpYTmhiSFJ6YjIxbGMyRnNkQQ$9tdkwvI4Gd3WftBtfIu03gBnMmAfKz39/crs9SY8KfQ",
        ),
    ];
    for (format, text) in by_django {
        let params = Argon2Params::danger_weak(64, 1, 2).unwrap();
        let settings = HashingSettings { params, format, ..HashingSettings::default() };
        let hash = drawing(&settings, Arc::new(Fixed)).hash(&new_password(DJANGO_PASSWORD)).unwrap();
        assert_eq!(hash.expose(), text);
    }
}
