//! What an attacker tries first, whoever the account belongs to.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Shorter runs are no more telling than any other syllable.
const SHORTEST_RUN: usize = 3;

static LIST: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let (_licence, entries) = include_str!("common-passwords.txt").split_once("\n\n").unwrap_or_default();
    entries.lines().collect()
});

/// Whether a lower-cased password is in the list, runs through the digits or the alphabet, or
/// repeats something that does.
pub(super) fn is_common(lowercase: &str) -> bool {
    is_known(lowercase) || repeated_unit(lowercase).is_some_and(is_known)
}

fn is_known(text: &str) -> bool {
    LIST.contains(text) || (text.chars().count() >= SHORTEST_RUN && is_run(text))
}

/// The shortest text of which this one is a repetition.
fn repeated_unit(text: &str) -> Option<&str> {
    (1..=text.len() / 2)
        .filter(|length| text.len().is_multiple_of(*length))
        .filter_map(|length| text.get(..length))
        .find(|unit| text.as_bytes().chunks(unit.len()).all(|chunk| chunk == unit.as_bytes()))
}

/// `123456789012`, `hgfedcba`.
fn is_run(text: &str) -> bool {
    let mut pairs = text.chars().zip(text.chars().skip(1));
    let mut reversed = pairs.clone();
    pairs.all(|(a, b)| successor(a) == Some(b)) || reversed.all(|(a, b)| successor(b) == Some(a))
}

fn successor(character: char) -> Option<char> {
    match character {
        '9' => Some('0'),
        'z' => Some('a'),
        '0'..='8' | 'a'..='y' => char::from_u32(u32::from(character) + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_thousands_of_lower_case_passwords_that_the_length_rule_lets_through() {
        assert!(LIST.len() >= 3_000, "{}", LIST.len());
        for entry in LIST.iter() {
            assert!(entry.chars().count() >= 8 && entry.to_lowercase() == *entry && entry.trim() == *entry, "{entry}");
        }
    }

    #[test]
    fn listed_repeated_and_counted_passwords_are_common() {
        for text in ["password", "iloveyou", "passwordpassword", "football1football1"] {
            assert!(is_common(text), "{text}");
        }
        for text in ["123456789012345", "98765432109", "abcdefghijklmnop", "zyxwvutsrq", "1234512345"] {
            assert!(is_common(text), "{text}");
        }
    }

    #[test]
    fn a_passphrase_and_repeated_letters_are_not() {
        for text in ["correct horse battery", "ééééééééé", "你你你你你你你你", "😀😀😀😀😀😀😀😀", "12345 abcde", ""]
        {
            assert!(!is_common(text), "{text}");
        }
        assert!(!is_common(&"x".repeat(1_024)));
    }
}
