//! The form in which names are compared (Unicode TR 15 and the Unicode Standard §3.13).

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;

/// NFKC.
pub(super) fn compatibility_form(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned()
}

/// NFKC, case folding, NFKC: the second pass repairs what folding takes apart.
pub(super) fn caseless_form(text: &str) -> String {
    // ASCII is its own NFKC, and most names are ASCII.
    if text.is_ascii() { text.to_ascii_lowercase() } else { folded(text) }
}

fn folded(text: &str) -> String {
    let folded = CaseMapper::new().fold_string(&compatibility_form(text)).into_owned();
    compatibility_form(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_folded_as_any_text_is() {
        let ascii: String = (0_u8..128).map(char::from).collect();
        assert_eq!(caseless_form(&ascii), folded(&ascii));
    }
}
