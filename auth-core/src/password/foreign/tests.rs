use serde::Deserialize;

use super::*;
use crate::password::argon2id::RustCrypto;

/// Made by Django 4.2; see the head of the file.
const DJANGO: &str = include_str!("django_4_2.json");
const PASSWORD: &str = "a tree house in the rain";

#[derive(Deserialize)]
struct Recorded {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    password: String,
    stored: String,
}

fn opens(stored: &str, password: &str) -> Result<bool, &'static str> {
    let hash = ForeignStored::parse(stored, &ForeignHash::ALL)?;
    Ok(hash.matches(password.as_bytes(), &mut RustCrypto::default()).unwrap())
}

#[test]
fn every_hash_that_django_made_opens_with_its_password_and_with_no_other() {
    let recorded: Recorded = serde_json::from_str(DJANGO).unwrap();
    assert_eq!(recorded.vectors.len(), 26);
    for Vector { password, stored } in recorded.vectors {
        assert_eq!(opens(&stored, &password), Ok(true), "{stored}");
        assert_eq!(opens(&stored, &format!("{password}.")), Ok(false), "{stored}");
    }
}

/// By argon2-cffi 25, bcrypt 5 and passlib 1.7 for `PASSWORD`.
const OTHERS: [&str; 11] = [
    "$argon2i$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$NpUg5c+cwHhL2kdM2xkLn3aPC3lpPFe7fauFBdlnMr0",
    "$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$wVdI/DPzn1jZQagsJXPYWCXlnPOrn7XedRB14eW3rP8",
    "$argon2d$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$5oFVD35Vi2+jokwyOZ+ahE9eDtM+561sfrTPOAOVRUY",
    "$argon2d$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$p9hweKqs3JZNEn4GKuDWDV5MsmIO4Ejdbxo7FrwJ1vY",
    "$argon2id$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$y9lmEdmUx4nzOlqAcMZXBnQ3N7CgsFE5AkKrmPX3Z18",
    "$2a$04$abcdefghijklmnopqrstuuRK/VjDLB4H6c7w/qclDZGMgzqLuGQWS",
    "$2b$04$abcdefghijklmnopqrstuuRK/VjDLB4H6c7w/qclDZGMgzqLuGQWS",
    "$2y$04$abcdefghijklmnopqrstuuRK/VjDLB4H6c7w/qclDZGMgzqLuGQWS",
    "$pbkdf2-sha256$1000$qrU2prQWgnCulRKi9L6Xkg$hvSlBZhz31/2VYYNFcSw9SjPl2s/0Vw6qHSZy3/4Wds",
    "$pbkdf2-sha512$1000$aI3R2vuf09rb2xuD8L7Xmg$aPcN72q5KnvSVPkMrKuY9MELRe4o0f1JbgS2Wgkh7qdly6jz2b4zsHva8P7zLcgV5Iw/pdzBIpPeiEfjmfAyKA",
    "$scrypt$ln=4,r=2,p=2$jBHi/F+rNUaI0Rqj1JpTig$Dbsxwl0VTfbuuES2/kwopajIFt8H2aDC/GRUFHoJnoA",
];

#[test]
fn what_other_programs_wrote_opens_too() {
    for stored in OTHERS {
        assert_eq!(opens(stored, PASSWORD), Ok(true), "{stored}");
        assert_eq!(opens(stored, "another"), Ok(false), "{stored}");
    }
    let without_version = OTHERS[0].replace("$v=16", "");
    assert_eq!(opens(&without_version, PASSWORD), Ok(true));
    let by_phc = OTHERS[8].replacen("1000", "i=1000,l=32", 1);
    assert_eq!(opens(&by_phc, PASSWORD), Ok(true));
}

#[test]
fn bcrypt_reads_72_bytes_and_the_nul_within_them() {
    let of_72 = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    assert_eq!(opens(of_72, &"x".repeat(72)), Ok(true));
    assert_eq!(opens(of_72, &"x".repeat(100)), Ok(true));
    assert_eq!(opens(of_72, &"x".repeat(71)), Ok(false));
    let with_nul = "$2b$04$abcdefghijklmnopqrstuuibiGw38J9xAVSKHjx3mTxsBiCDzqP8S";
    assert_eq!(opens(with_nul, "a\0b tree"), Ok(true));
    assert_eq!(opens(with_nul, "a"), Ok(false));
}

#[test]
fn a_hostile_row_buys_neither_time_nor_memory() {
    let sha256 = "VtLY0mY8doJoMtei6O42ZgsuFNFDgyohCGM7bpBbh+c=";
    let sixty_four = "YX1iDg8DrZmr1uq2/r/XZ85nwMs4h5gfbXoAeG8iSrym7VSQvMW1maVKsHVgC0IHqUJfD2U/vnPDNf8nxbJzlA==";
    for row in [
        format!("pbkdf2_sha256$2000001$salt${sha256}"),
        format!("pbkdf2_sha256$4294967295$salt${sha256}"),
        format!("pbkdf2_sha256$99999999999$salt${sha256}"),
        format!("pbkdf2_sha256$1999999$salt${sixty_four}"),
        format!("pbkdf2_sha256$0$salt${sha256}"),
        format!("pbkdf2_sha256$-1$salt${sha256}"),
        format!("pbkdf2_sha256$1000$salt${}", "A".repeat(400)),
        format!("pbkdf2_sha256$1000${}${sha256}", "s".repeat(1_000_000)),
        format!("scrypt$262144$salt$8$1${sixty_four}"),
        format!("scrypt$131072$salt$8$2${sixty_four}"),
        format!("scrypt$2$salt$4294967295$4294967295${sixty_four}"),
        format!("scrypt$9223372036854775808$salt$8$1${sixty_four}"),
        format!("scrypt$16383$salt$8$1${sixty_four}"),
        format!("scrypt$0$salt$8$1${sixty_four}"),
        format!("scrypt$16$salt$0$1${sixty_four}"),
        OTHERS[10].replace("ln=4", "ln=99"),
        OTHERS[10].replace("p=2", "p=1073741824"),
        OTHERS[6].replace("$04$", "$15$"),
        OTHERS[6].replace("$04$", "$31$"),
        OTHERS[6].replace("$04$", "$4294967295$"),
        OTHERS[6].replace("$2b$", "$2x$"),
        OTHERS[1].replace("m=64,t=2", "m=4194304,t=100"),
        OTHERS[1].replace("p=1", "p=1,keyid=djE"),
        format!("argon2{}", OTHERS[1].replace("t=2", "t=17")),
    ] {
        assert!(opens(&row, PASSWORD).is_err(), "{row:.120}");
    }
}

#[test]
fn no_damage_to_a_row_is_a_panic() {
    let recorded: Recorded = serde_json::from_str(DJANGO).unwrap();
    let small = ["$1000$", "$16$", "m=64", "$04$"];
    let rows = recorded.vectors.into_iter().map(|vector| vector.stored).chain(OTHERS.map(str::to_owned));
    for whole in rows.filter(|row| small.iter().any(|cost| row.contains(cost))) {
        for (at, _) in whole.char_indices() {
            for other in ["", "$", "$$", ",", "=", "é", "\0", "-", "A"] {
                let damaged = format!("{}{other}{}", &whole[..at], &whole[at + 1..]);
                let _ = ForeignStored::parse(&damaged, &ForeignHash::ALL);
                assert!(ForeignStored::parse(&damaged, &[]).is_err());
            }
        }
        for end in 0..whole.len() {
            let _ = ForeignStored::parse(&whole[..end], &ForeignHash::ALL);
        }
    }
}

#[test]
fn iterations_have_bounds() {
    assert!(Pbkdf2Iterations::new(599_999).is_err() && Pbkdf2Iterations::new(2_000_001).is_err());
    assert!(Pbkdf2Iterations::new(1_200_000).is_ok() && Pbkdf2Iterations::danger_weak(999).is_err());
}
