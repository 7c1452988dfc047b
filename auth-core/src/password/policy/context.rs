use std::collections::BTreeSet;

use zeroize::Zeroizing;

use crate::account::EmailAddress;

/// A shorter part of a name is no word: half of all passwords could be spelled with it.
const SHORTEST_WORD: usize = 3;

/// Whose password it will be: what an attacker who knows the account tries next.
#[derive(Debug, Clone, Copy, Default)]
pub struct PolicyContext<'a> {
    /// The name of the account.
    pub username: Option<&'a str>,
    /// The address of the account.
    pub email: Option<&'a EmailAddress>,
}

impl PolicyContext<'_> {
    /// Whether a lower-cased password consists of the account's words and the given ones, in any
    /// order and number, punctuation apart.
    pub(super) fn spells(&self, lowercase: &str, words: &[String]) -> bool {
        let words: Vec<String> = self.texts().chain(words.iter().map(String::as_str)).flat_map(words_of).collect();
        is_made_of(&letters(lowercase), &words)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let address = self.email.map(EmailAddress::as_str);
        let local_part = self.email.map(EmailAddress::local_part);
        self.username.into_iter().chain(address).chain(local_part)
    }
}

/// `Ann.Lee` gives `annlee`, `ann`, `lee`.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    std::iter::once(letters(&text.to_lowercase()).to_string())
        .chain(parts)
        .filter(|word| word.chars().count() >= SHORTEST_WORD)
        .collect::<Vec<_>>()
        .into_iter()
}

fn letters(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.chars().filter(|c| c.is_alphanumeric()).collect())
}

fn is_made_of(text: &str, words: &[String]) -> bool {
    let mut ends = BTreeSet::from([0]);
    while let Some(end) = ends.pop_first() {
        let rest = text.get(end..).unwrap_or_default();
        if rest.is_empty() {
            return end > 0;
        }
        ends.extend(words.iter().filter(|word| rest.starts_with(word.as_str())).map(|word| end + word.len()));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spells(password: &str) -> bool {
        let email: EmailAddress = "Ann.Lee@example.org".parse().unwrap();
        let context = PolicyContext { username: Some("Gärtner_7"), email: Some(&email) };
        context.spells(password, &["Acme Notes".to_owned()])
    }

    #[test]
    fn names_addresses_and_service_words_spell_a_password_in_any_order() {
        for text in ["ann.leeann.lee", "annleelee", "ann.lee@example.org", "example-example", "acme notes", "notesann!"]
        {
            assert!(spells(text), "{text}");
        }
        for text in ["gärtner_7", "gärtnergärtner", "gärtner7acme"] {
            assert!(spells(text), "{text}");
        }
    }

    #[test]
    fn one_letter_that_no_word_has_is_enough() {
        for text in ["", "--------", "ann.lee2", "xannlee", "acmenote", "7777777"] {
            assert!(!spells(text), "{text}");
        }
        assert!(!PolicyContext::default().spells("anything", &[]));
    }

    #[test]
    fn a_name_of_one_letter_does_not_forbid_that_letter() {
        let email: EmailAddress = "a@x.com".parse().unwrap();
        let context = PolicyContext { username: Some("aa"), email: Some(&email) };
        assert!(!context.spells(&"a".repeat(64), &[]));
    }
}
