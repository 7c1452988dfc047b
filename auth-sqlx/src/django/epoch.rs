use std::fmt::Write as _;

use auth_core::account::Epoch;
use sha2::{Digest as _, Sha256};

/// How much of the digest an epoch is: 128 bits.
const EPOCH: usize = 32;

/// What our own row says about a user's epoch.
pub(super) struct Side {
    /// The epoch's root, while the password is the one that was seen.
    pub(super) root: String,
    /// The digest of the password that the root stands for: it may be another hash of the same.
    pub(super) seen: String,
    /// How often everything was ended without a new password.
    pub(super) bumps: i64,
}

/// The epoch of a user who has this password now.
///
/// Whoever writes another hash changes it in that same write, because the hash is no longer the
/// one that was seen. Only our own new hash of the same password is noted as seen, and keeps it.
pub(super) fn derived(user: i64, password: &str, side: Option<&Side>) -> Epoch {
    let now = digest(password);
    let root = side.filter(|side| side.seen == now).map_or(&now, |side| &side.root);
    let bumps = side.map_or(0, |side| side.bumps);
    let mut text = digest(&format!("{user}:{root}:{bumps}"));
    text.truncate(EPOCH);
    Epoch::stored(text)
}

/// SHA-256 in lower-case hexadecimal: 64 characters.
pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(root: &str, seen: &str, bumps: i64) -> Side {
        Side { root: digest(root), seen: digest(seen), bumps }
    }

    #[test]
    fn another_password_is_another_epoch_whoever_wrote_it() {
        let before = derived(1, "old", None);
        assert_ne!(derived(1, "new", None), before);
        assert_ne!(derived(1, "new", Some(&side("old", "old", 0))), before);
        assert_ne!(derived(2, "old", None), before);
    }

    #[test]
    fn a_row_that_has_seen_nothing_else_changes_nothing() {
        assert_eq!(derived(1, "old", Some(&side("old", "old", 0))), derived(1, "old", None));
    }

    #[test]
    fn a_new_hash_that_was_noted_keeps_the_epoch() {
        assert_eq!(derived(1, "rehashed", Some(&side("old", "rehashed", 0))), derived(1, "old", None));
    }

    #[test]
    fn an_ended_period_never_comes_back_by_counting() {
        let epochs: Vec<_> = (0..3).map(|bumps| derived(1, "old", Some(&side("old", "old", bumps)))).collect();
        assert_ne!(epochs[0], epochs[1]);
        assert_ne!(epochs[1], epochs[2]);
        assert_ne!(derived(11, "old", Some(&side("old", "old", 1))), derived(1, "old", Some(&side("old", "old", 11))));
    }
}
