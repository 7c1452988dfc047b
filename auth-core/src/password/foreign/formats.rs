/// A format in which another program stored passwords.
///
/// Each has upper bounds, above which a hash is unusable: a row of the table must not be able to
/// buy minutes of work or gigabytes of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ForeignHash {
    /// `pbkdf2_sha256$600000$salt$hash`, Django's default. 1,000 to 2,000,000 iterations.
    DjangoPbkdf2Sha256,
    /// `pbkdf2_sha1$600000$salt$hash`. 1,000 to 2,000,000 iterations.
    DjangoPbkdf2Sha1,
    /// `argon2$argon2id$v=19$m=102400,t=2,p=8$salt$hash`, and with `argon2i` or `argon2d`. Up to 256
    /// MiB, 16 passes, 16 lanes.
    DjangoArgon2,
    /// `bcrypt_sha256$$2b$12$salthash`. Up to cost 14.
    DjangoBcryptSha256,
    /// `bcrypt$$2b$12$salthash`. Up to cost 14.
    DjangoBcrypt,
    /// `scrypt$16384$salt$8$1$hash`. N × r × p up to 2^20, which is 128 MiB.
    DjangoScrypt,
    /// `$argon2i$…`, `$argon2d$…`, and `$argon2id$…` of the first version. Argon2id of version 19
    /// is our own format and always read. Up to 256 MiB, 16 passes, 16 lanes.
    Argon2,
    /// `$2a$…`, `$2b$…`, `$2y$…`. Up to cost 14. bcrypt reads 72 bytes of a password and no more.
    Bcrypt,
    /// `$scrypt$ln=17,r=8,p=1$salt$hash`. N × r × p up to 2^20, which is 128 MiB.
    Scrypt,
    /// `$pbkdf2-sha256$i=600000$salt$hash`, and with `sha512`; passlib's
    /// `$pbkdf2-sha256$29000$salt$hash` too. 1,000 to 2,000,000 iterations.
    Pbkdf2,
}

impl ForeignHash {
    /// What a Django project may have stored.
    pub const DJANGO: [Self; 6] = [
        Self::DjangoPbkdf2Sha256,
        Self::DjangoPbkdf2Sha1,
        Self::DjangoArgon2,
        Self::DjangoBcryptSha256,
        Self::DjangoBcrypt,
        Self::DjangoScrypt,
    ];

    /// Every format that is known.
    pub const ALL: [Self; 10] = [
        Self::DjangoPbkdf2Sha256,
        Self::DjangoPbkdf2Sha1,
        Self::DjangoArgon2,
        Self::DjangoBcryptSha256,
        Self::DjangoBcrypt,
        Self::DjangoScrypt,
        Self::Argon2,
        Self::Bcrypt,
        Self::Scrypt,
        Self::Pbkdf2,
    ];

    /// The format that a stored text begins like.
    pub(super) fn of(text: &str) -> Option<Self> {
        PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, format)| *format)
    }
}

const PREFIXES: [(&str, ForeignHash); 15] = [
    ("pbkdf2_sha256$", ForeignHash::DjangoPbkdf2Sha256),
    ("pbkdf2_sha1$", ForeignHash::DjangoPbkdf2Sha1),
    ("argon2$", ForeignHash::DjangoArgon2),
    ("bcrypt_sha256$", ForeignHash::DjangoBcryptSha256),
    ("bcrypt$", ForeignHash::DjangoBcrypt),
    ("scrypt$", ForeignHash::DjangoScrypt),
    ("$argon2i$", ForeignHash::Argon2),
    ("$argon2d$", ForeignHash::Argon2),
    ("$argon2id$", ForeignHash::Argon2),
    ("$2a$", ForeignHash::Bcrypt),
    ("$2b$", ForeignHash::Bcrypt),
    ("$2y$", ForeignHash::Bcrypt),
    ("$scrypt$", ForeignHash::Scrypt),
    ("$pbkdf2-sha256$", ForeignHash::Pbkdf2),
    ("$pbkdf2-sha512$", ForeignHash::Pbkdf2),
];
