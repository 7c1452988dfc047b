//! Texts with placeholders, compared byte for byte around them.

/// How much of a text is what a placeholder stands for; 0 where none is.
type Length = fn(&str) -> usize;

/// A placeholder as it stands in the recorded text, and what it stands for.
const PLACEHOLDERS: [(&str, Length); 5] = [
    ("\"<id>\"", |text| run(text, |character| character.is_ascii_digit())),
    ("<jwt>", |text| run(text, |character| character.is_ascii_alphanumeric() || "-_.".contains(character))),
    ("<restoring_token>", |text| run(text, |character| character.is_ascii_alphanumeric() || "-_=".contains(character))),
    ("<datetime>", |text| shaped(text, "0000-00-00 00:00:00")),
    ("<date>", |text| match shaped(text, "0000-00-00T00:00:00.000Z") {
        0 => shaped(text, "0000-00-00T00:00:00Z"),
        length => length,
    }),
];

/// Whether a text is what the recorded one says.
pub(super) fn matches(recorded: &str, text: &str) -> bool {
    let first = PLACEHOLDERS.iter().filter_map(|(name, length)| Some((recorded.find(name)?, name, length)));
    let Some((at, name, length)) = first.min_by_key(|(at, ..)| *at) else { return recorded == text };
    let (before, after) = (&recorded[..at], &recorded[at + name.len()..]);
    let Some(rest) = text.strip_prefix(before) else { return false };
    let length = length(rest);
    length > 0 && matches(after, &rest[length..])
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character)).unwrap_or(text.len())
}

fn shaped(text: &str, shape: &str) -> usize {
    let fits = |(held, wanted): (u8, u8)| if wanted == b'0' { held.is_ascii_digit() } else { held == wanted };
    let whole = text.len() >= shape.len() && text.bytes().zip(shape.bytes()).all(fits);
    if whole { shape.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_a_placeholder_is_compared_byte_for_byte() {
        let recorded = r#"{"user": {"id": "<id>", "date_joined": "<date>"}, "status": 200}"#;
        assert!(matches(recorded, r#"{"user": {"id": 7, "date_joined": "2024-01-02T03:04:05.678Z"}, "status": 200}"#));
        for text in [
            r#"{"user": {"id": "7", "date_joined": "2024-01-02T03:04:05Z"}, "status": 200}"#,
            r#"{"user":{"id": 7, "date_joined": "2024-01-02T03:04:05Z"}, "status": 200}"#,
            r#"{"user": {"date_joined": "2024-01-02T03:04:05Z", "id": 7}, "status": 200}"#,
            r#"{"user": {"id": 7, "date_joined": "2024-01-02 03:04:05"}, "status": 200}"#,
        ] {
            assert!(!matches(recorded, text), "{text}");
        }
    }

    #[test]
    fn a_placeholder_stands_for_something_of_its_kind() {
        assert!(matches("expire <datetime>", "expire 2024-01-02 03:04:05"));
        assert!(!matches("expire <datetime>", "expire 2024-01-02T03:04:05Z"));
        assert!(!matches(r#"{"token": "<jwt>"}"#, r#"{"token": ""}"#));
    }
}
