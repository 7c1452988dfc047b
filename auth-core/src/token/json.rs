use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::flat;
use super::member::{Key, Member, Value, Values};

/// More members than any header or claims set needs; keeps the search for duplicates linear in cost.
const MAX_MEMBERS: usize = 64;

/// A JSON object whose keys are distinct, its values still text.
///
/// Each value is read as exactly one type: nothing is converted, and `null` is not absence. Values
/// are read one by one, so that `serde_json`'s `arbitrary_precision`, which a host may turn on for
/// the whole build, changes nothing here.
pub(super) struct Object<'t> {
    values: Values<'t>,
}

/// A value that is there, but not of the type asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WrongType;

impl<'t> Object<'t> {
    /// `None` for anything but one object in UTF-8 with distinct keys.
    pub(super) fn parse(json: &'t [u8]) -> Option<Self> {
        let json = std::str::from_utf8(json).ok()?;
        // Read into its place: it is large enough for each move to be felt.
        let mut object = Self { values: [None; Member::COUNT] };
        match flat::read(json, &mut object.values) {
            Some(()) => Some(object),
            None => serde_json::from_str(json).ok(),
        }
    }

    pub(super) fn contains(&self, member: Member) -> bool {
        self.value(member).is_some()
    }

    pub(super) fn text(&self, member: Member) -> Result<Option<Cow<'t, str>>, WrongType> {
        match self.value(member) {
            Some(value) => text(value).map(Some),
            None => Ok(None),
        }
    }

    /// An integer without fraction and exponent.
    pub(super) fn integer(&self, member: Member) -> Result<Option<i64>, WrongType> {
        match self.value(member).map(integer) {
            Some(None) => Err(WrongType),
            number => Ok(number.flatten()),
        }
    }

    /// One text, or a list of them.
    pub(super) fn texts(&self, member: Member) -> Result<Option<Vec<Cow<'t, str>>>, WrongType> {
        if let Ok(text) = self.text(member) {
            return Ok(text.map(|text| vec![text]));
        }
        let Some(Value::Json(json)) = self.value(member) else { return Err(WrongType) };
        let list: Vec<Text<'t>> = serde_json::from_str(json).map_err(|_| WrongType)?;
        Ok(Some(list.into_iter().map(|Text(text)| text).collect()))
    }

    fn value(&self, member: Member) -> Option<Value<'t>> {
        self.values.get(member as usize).copied().flatten()
    }
}

fn text(value: Value<'_>) -> Result<Cow<'_, str>, WrongType> {
    match value {
        Value::Plain(text) => Ok(Cow::Borrowed(text)),
        Value::Json(json) => serde_json::from_str(json).map(|Text(text)| text).map_err(|_| WrongType),
    }
}

/// JSON knows no leading zero and no plus sign; that zero has no sign is for us to say.
fn integer(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Plain(_) | Value::Json("-0") => None,
        Value::Json(json) => json.parse().ok(),
    }
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
        let mut values = [None; Member::COUNT];
        let (mut ignored, mut count) = (Vec::new(), 0);
        while let Some((key, value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
            let is_new = match key {
                Key::Read(member) => {
                    values.get_mut(member as usize).is_some_and(|slot| slot.replace(Value::Json(value.get())).is_none())
                }
                Key::Ignored(key) if ignored.contains(&key) => false,
                Key::Ignored(key) => {
                    ignored.push(key);
                    true
                }
            };
            if !is_new || count == MAX_MEMBERS {
                return Err(A::Error::custom("a duplicate key, or too many"));
            }
            count += 1;
        }
        Ok(Object { values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::verify::tests::CLAIMS;

    fn object(json: &str) -> Object<'_> {
        Object::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn duplicate_keys_are_refused_however_they_are_written() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"x":1,"a":1,"\u0061":2}"#,
            r#"{"sub":1,"sub":1}"#,
            r#"{"x":1,"sub":1,"s\u0075b":2}"#,
        ] {
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
        let json = format!(r#"{{"sub":{}{}}}"#, "[".repeat(3_000), "]".repeat(3_000));
        assert_eq!(object(&json).texts(Member::Sub), Err(WrongType));
    }

    #[test]
    fn integers_are_integers_only() {
        for value in ["1.0", "1e3", "1e300", "\"1\"", "true", "null", "[1]", "{}", "18446744073709551615", "-0"] {
            assert_eq!(object(&format!(r#"{{"sub":{value}}}"#)).integer(Member::Sub), Err(WrongType), "{value}");
        }
        assert_eq!(object(r#"{"sub":-1}"#).integer(Member::Sub), Ok(Some(-1)));
        assert_eq!(object("{}").integer(Member::Sub), Ok(None));
    }

    #[test]
    fn texts_are_texts_only() {
        for value in ["1", "null", "{}", r#"["a",1]"#, r#""\ud800""#] {
            assert_eq!(object(&format!(r#"{{"sub":{value}}}"#)).texts(Member::Sub), Err(WrongType), "{value}");
        }
        assert_eq!(object(r#"{"sub":"\u0062"}"#).text(Member::Sub), Ok(Some("b".into())));
        assert_eq!(object(r#"{"sub":["b","c"]}"#).texts(Member::Sub), Ok(Some(vec!["b".into(), "c".into()])));
    }

    /// Every text that differs from one of ours in one place, or in two that are next to each other.
    #[test]
    fn whatever_is_taken_is_read_by_a_parser_as_the_same() {
        let mut taken = 0;
        for place in 0..CLAIMS.len() {
            for new in
                ["", "\"", "{", "}", ":", ",", "0", "7", "\\", " ", "a", "-", "\",\"", "\":", "1,", ",\"iat\":1,"]
            {
                for length in 0..=2.min(CLAIMS.len() - place) {
                    let json = format!("{}{new}{}", &CLAIMS[..place], &CLAIMS[place + length..]);
                    let mut flat = Object { values: [None; Member::COUNT] };
                    if flat::read(&json, &mut flat.values).is_some() {
                        let parsed: Object<'_> = serde_json::from_str(&json).unwrap();
                        for member in Member::ALL {
                            let read = |object: &Object<'_>| {
                                (object.text(member).map(|text| text.map(Cow::into_owned)), object.integer(member))
                            };
                            assert_eq!(read(&flat), read(&parsed), "{json}");
                        }
                        taken += 1;
                    }
                }
            }
        }
        assert!(taken > 300, "{taken}");
    }
}
