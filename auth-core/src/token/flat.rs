//! The JSON that this crate writes into tokens, read in one go: one object without a space, its
//! members known and distinct, its values integers and texts that escape nothing.
//!
//! It takes less than JSON allows and never anything else: what it does not take, a whole parser reads.

use super::member::{Member, Value, Values};

/// Puts the values of such an object in their places, which were empty. `None` says only that a parser has to
/// look at it, whatever stands in the places then.
pub(super) fn read<'t>(json: &'t str, values: &mut Values<'t>) -> Option<()> {
    if !escapes_nothing(json) {
        return None;
    }
    let mut rest = json.strip_prefix('{')?;
    loop {
        let named = rest.strip_prefix('"')?;
        // A name is too short for a search that looks at many bytes at once.
        let (name, after) = named.split_at_checked(named.bytes().position(|byte| byte == b'"')?)?;
        let after = after.strip_prefix("\":")?;
        let (value, after) = value(after)?;
        if values.get_mut(Member::named(name)? as usize)?.replace(value).is_some() {
            return None;
        }
        match after.strip_prefix(',') {
            Some(after) => rest = after,
            None => return (after == "}").then_some(()),
        }
    }
}

/// Printable ASCII without a backslash: a text then ends at the next quote.
fn escapes_nothing(json: &str) -> bool {
    // Without a branch, so that many bytes are looked at at once.
    json.bytes().fold(0, |found, byte| found | u8::from(!matches!(byte, b' '..=b'[' | b']'..=b'~'))) == 0
}

/// The value with which this begins, and what follows it.
fn value(json: &str) -> Option<(Value<'_>, &str)> {
    if let Some(quoted) = json.strip_prefix('"') {
        let (text, after) = quoted.split_at_checked(memchr::memchr(b'"', quoted.as_bytes())?)?;
        return Some((Value::Plain(text), after.strip_prefix('"')?));
    }
    let digits = match json.as_bytes() {
        [b'0', ..] => 1,
        number => number.iter().position(|byte| !byte.is_ascii_digit()).filter(|digits| *digits > 0)?,
    };
    let (number, after) = json.split_at_checked(digits)?;
    Some((Value::Json(number), after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::verify::tests::{CLAIMS, claims};

    fn values(json: &str) -> Option<Values<'_>> {
        let mut values = [None; Member::COUNT];
        read(json, &mut values).map(|()| values)
    }

    #[test]
    fn what_we_write_is_taken() {
        assert!(values(CLAIMS).is_some());
        let some = |text: &str| Some(text.to_owned());
        let full = crate::token::Claims { role: some("api"), issuer: some("i"), audience: some("a"), ..claims() };
        assert!(values(std::str::from_utf8(&full.to_json().unwrap()).unwrap()).is_some());
    }

    #[test]
    fn what_needs_a_parser_is_left_to_it() {
        for json in [
            "",
            "{",
            "{}",
            "[]",
            r#"{"sub":}"#,
            r#"{"sub":"u"#,
            r#"{"sub":"u"},"#,
            r#"{"sub":"u",}"#,
            r#"{"sub":"u"}x"#,
            r#"{"sub":"u"}}"#,
            r#"{ "sub":"u"}"#,
            r#"{"sub" :"u"}"#,
            r#"{"sub": "u"}"#,
            r#"{"sub":"u","sub":"u"}"#,
            r#"{"sub":"u","other":"u"}"#,
            r#"{"sub":"\u0075"}"#,
            r#"{"s\u0075b":"u"}"#,
            r#"{"sub":"é"}"#,
            "{\"sub\":\"\u{1}\"}",
            r#"{"sub":null}"#,
            r#"{"sub":["u"]}"#,
            r#"{"iat":-1}"#,
            r#"{"iat":01}"#,
            r#"{"iat":00}"#,
            r#"{"iat":1.0}"#,
            r#"{"iat":1e3}"#,
            r#"{"iat":+1}"#,
            r#"{"iat":1"#,
        ] {
            assert!(values(json).is_none(), "{json}");
        }
    }
}
