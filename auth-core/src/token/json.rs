use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// More members than any header or claims set needs; keeps the search for duplicates linear in cost.
const MAX_MEMBERS: usize = 64;

/// A JSON object whose keys are distinct, its values still text.
///
/// Each value is read as exactly one type: nothing is converted, and `null` is not absence. Values
/// are read one by one, so that `serde_json`'s `arbitrary_precision`, which a host may turn on for
/// the whole build, changes nothing here.
pub(super) struct Object<'t> {
    members: Vec<(Cow<'t, str>, &'t RawValue)>,
    /// Where the last search ended. Members are asked for in the order in which we write them, so
    /// that in a token of ours the next one is the one that is wanted.
    next: Cell<usize>,
}

/// A value that is there, but not of the type asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WrongType;

impl<'t> Object<'t> {
    /// `None` for anything but one object in UTF-8 with distinct keys.
    pub(super) fn parse(json: &'t [u8]) -> Option<Self> {
        serde_json::from_str(std::str::from_utf8(json).ok()?).ok()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<Cow<'t, str>>, WrongType> {
        match self.raw(name) {
            Some(raw) => text(raw).map(Some),
            None => Ok(None),
        }
    }

    /// An integer without fraction and exponent.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, WrongType> {
        match self.raw(name).map(integer) {
            Some(None) => Err(WrongType),
            number => Ok(number.flatten()),
        }
    }

    /// One text, or a list of them.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<Cow<'t, str>>>, WrongType> {
        if let Ok(text) = self.text(name) {
            return Ok(text.map(|text| vec![text]));
        }
        let list = self.raw(name).map(serde_json::from_str::<Vec<Text<'t>>>).transpose().map_err(|_| WrongType)?;
        Ok(list.map(|list| list.into_iter().map(|Text(text)| text).collect()))
    }

    fn raw(&self, name: &str) -> Option<&'t str> {
        let members = self.members.iter().enumerate();
        let mut onwards = members.clone().skip(self.next.get()).chain(members.take(self.next.get()));
        let (at, (_, value)) = onwards.find(|(_, (key, _))| key == name)?;
        self.next.set(at + 1);
        Some(value.get())
    }
}

/// The parser has been over `raw` already: what stands between two quotes and escapes nothing is
/// the text itself.
fn text(raw: &str) -> Result<Cow<'_, str>, WrongType> {
    let plain = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|text| !text.contains('\\'));
    match plain {
        Some(text) => Ok(Cow::Borrowed(text)),
        None => serde_json::from_str(raw).map(|Text(text)| text).map_err(|_| WrongType),
    }
}

/// JSON knows no leading zero and no plus sign; that zero has no sign is for us to say.
fn integer(raw: &str) -> Option<i64> {
    if raw == "-0" { None } else { raw.parse().ok() }
}

#[derive(Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with distinct keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::with_capacity(12);
        while let Some((Text(key), value)) = map.next_entry()? {
            if members.len() == MAX_MEMBERS || members.iter().any(|(known, _)| *known == key) {
                return Err(A::Error::custom("a duplicate key, or too many"));
            }
            members.push((key, value));
        }
        Ok(Object { members, next: Cell::new(0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Object<'_> {
        Object::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn duplicate_keys_are_refused_however_they_are_written() {
        for json in [r#"{"a":1,"a":1}"#, r#"{"x":1,"a":1,"\u0061":2}"#] {
            assert!(Object::parse(json.as_bytes()).is_none(), "{json}");
        }
    }

    #[test]
    fn only_one_object_in_utf8_is_read() {
        for json in
            ["", "1", "null", "[]", r#"["a",1]"#, "{} {}", "{}x", r#"{"a":}"#, "{a:1}", "\u{feff}{}", r#"{"a":NaN}"#]
        {
            assert!(Object::parse(json.as_bytes()).is_none(), "{json}");
        }
        assert!(Object::parse(b"{\"a\":\"\xff\"}").is_none());
    }

    #[test]
    fn more_members_than_a_token_needs_are_refused() {
        let json = |count| format!("{{{}}}", (0..count).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(","));
        assert!(Object::parse(json(64).as_bytes()).is_some());
        assert!(Object::parse(json(65).as_bytes()).is_none());
    }

    #[test]
    fn deep_nesting_neither_overflows_nor_is_read() {
        let json = format!(r#"{{"a":{}{}}}"#, "[".repeat(3_000), "]".repeat(3_000));
        assert_eq!(object(&json).texts("a"), Err(WrongType));
    }

    #[test]
    fn integers_are_integers_only() {
        for value in ["1.0", "1e3", "1e300", "\"1\"", "true", "null", "[1]", "{}", "18446744073709551615", "-0"] {
            assert_eq!(object(&format!(r#"{{"a":{value}}}"#)).integer("a"), Err(WrongType), "{value}");
        }
        assert_eq!(object(r#"{"a":-1}"#).integer("a"), Ok(Some(-1)));
        assert_eq!(object("{}").integer("a"), Ok(None));
    }

    #[test]
    fn texts_are_texts_only() {
        for value in ["1", "null", "{}", r#"["a",1]"#, r#""\ud800""#] {
            assert_eq!(object(&format!(r#"{{"a":{value}}}"#)).texts("a"), Err(WrongType), "{value}");
        }
        assert_eq!(object(r#"{"a":"\u0062"}"#).text("a"), Ok(Some("b".into())));
        assert_eq!(object(r#"{"a":["b","c"]}"#).texts("a"), Ok(Some(vec!["b".into(), "c".into()])));
    }
}
