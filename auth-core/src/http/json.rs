//! JSON as the contract takes it: one object in UTF-8, no key twice at any depth, no lone
//! surrogate, at most 32 levels. No text of the parser leaves this module.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How many objects and arrays may stand in one another, the body itself included.
const MAX_DEPTH: usize = 32;
/// How the private keys of `serde_json` begin.
const MAGIC: &str = "$serde_json::private::";

/// The body is not what the contract takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InvalidBody;

/// The members of the one object that a body is.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, InvalidBody> {
    let text = std::str::from_utf8(body).map_err(|_| InvalidBody)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { depth: 0 }.deserialize(&mut reader).map_err(|_| InvalidBody)?;
    reader.end().map_err(|_| InvalidBody)?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(InvalidBody),
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth < MAX_DEPTH { Ok(Self { depth: self.depth + 1 }) } else { Err(E::custom("too deep")) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            // `serde_json` gives such a name a meaning of its own when the value is written or read
            // again: a number of any size, or text that is taken for JSON unread.
            if name.starts_with(MAGIC) {
                return Err(A::Error::custom("a reserved key"));
            }
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Map<String, Value>, InvalidBody> {
        object(body.as_bytes())
    }

    fn nested(levels: usize) -> String {
        format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1))
    }

    #[test]
    fn an_object_is_read_with_all_its_types() {
        let members = read(r#" {"s":"\u00e9\ud83d\ude00","n":-1.5,"b":true,"z":null,"a":[{}]} "#).unwrap();
        assert_eq!(members["s"], "é😀");
        assert_eq!(members.len(), 5);
    }

    #[test]
    fn what_is_not_one_object_is_refused() {
        for body in [
            "",
            "[]",
            "null",
            "1",
            "\"a\"",
            "[\"a\",\"b\"]",
            "{",
            "{}{}",
            "{} x",
            "{\"a\":1,}",
            "{'a':1}",
            "{\"a\":NaN}",
            "{\"a\":1e999}",
            "\u{feff}{}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\udc00x\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":01}",
            "// {}\n{}",
        ] {
            assert_eq!(read(body), Err(InvalidBody), "{body:?}");
        }
        assert!(object(b"{\"a\":\"\xff\"}").is_err());
        assert!(object(b"\xff\xfe{\0}\0").is_err());
    }

    #[test]
    fn a_key_twice_is_refused_at_any_depth() {
        for body in [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, r#"{"x":[{"a":1,"a":1}]}"#, r#"{"a":null,"a":null}"#]
        {
            assert_eq!(read(body), Err(InvalidBody), "{body}");
        }
    }

    #[test]
    fn the_parsers_own_keys_are_refused_at_any_depth() {
        for body in [
            r#"{"$serde_json::private::RawValue":"not json"}"#,
            r#"{"a":[{"$serde_json::private::RawValue":"{\"b\":1,\"b\":2}"}]}"#,
            r#"{"a":{"$serde_json::private::Number":"1"}}"#,
        ] {
            assert_eq!(read(body), Err(InvalidBody), "{body}");
        }
    }

    #[test]
    fn nesting_ends_at_32() {
        assert!(read(&nested(32)).is_ok());
        assert_eq!(read(&nested(33)), Err(InvalidBody));
        assert_eq!(read(&nested(10_000)), Err(InvalidBody));
    }
}
