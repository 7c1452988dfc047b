use serde_json::{Map, Value};

use super::json::{InvalidBody, object};
use super::profile::Fields;
use crate::error::{AuthError, FieldFault};

/// The members of a request's body.
#[derive(Default)]
pub(super) struct Members {
    members: Map<String, Value>,
    fields: Fields,
}

impl Members {
    pub(super) fn read(body: &[u8], fields: Fields) -> Result<Self, InvalidBody> {
        Ok(Self { members: object(body)?, fields })
    }

    /// A member that may be absent.
    pub(super) fn text(&mut self, field: &'static str) -> Result<Option<String>, AuthError> {
        match self.members.remove(field).filter(|value| counts(value, self.fields)) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(AuthError::field(field, FieldFault::WrongType)),
        }
    }

    /// A member that must be there and be a text that is not empty. Read by truth, a member with
    /// another value is there, and only wrong.
    pub(super) fn required(&mut self, field: &'static str) -> Result<String, AuthError> {
        let there = self.fields == Fields::Truthy && self.members.contains_key(field);
        let text = self.text(field)?.filter(|text| !text.is_empty());
        let fault = if there { FieldFault::WrongType } else { FieldFault::Missing };
        text.ok_or_else(|| AuthError::field(field, fault))
    }

    pub(super) fn flag(&mut self, field: &'static str) -> Result<Option<bool>, AuthError> {
        match (self.fields, self.members.remove(field)) {
            (_, None) | (Fields::Typed, Some(Value::Null)) => Ok(None),
            (Fields::Typed, Some(Value::Bool(flag))) => Ok(Some(flag)),
            (Fields::Typed, Some(_)) => Err(AuthError::field(field, FieldFault::WrongType)),
            (Fields::Truthy, Some(value)) => Ok(Some(is_true(&value))),
        }
    }

    /// Whether a member is there with a value.
    pub(super) fn has(&self, field: &str) -> bool {
        self.members.get(field).is_some_and(|value| counts(value, self.fields))
    }

    /// What nobody has asked for yet.
    pub(super) fn rest(self) -> Map<String, Value> {
        self.members
    }
}

fn counts(value: &Value, fields: Fields) -> bool {
    match fields {
        Fields::Typed => !value.is_null(),
        Fields::Truthy => is_true(value),
    }
}

/// The truth of a value in Python.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str, fields: Fields) -> Members {
        Members::read(body.as_bytes(), fields).unwrap()
    }

    fn faulty<T>(read: Result<T, AuthError>) -> Option<FieldFault> {
        match read.err()? {
            AuthError::Field { fault, .. } => Some(fault),
            _ => None,
        }
    }

    const FALSE: [&str; 7] = ["null", "false", "0", "-0.0", "\"\"", "[]", "{}"];
    const TRUE: [&str; 5] = ["true", "1", "0.5", "[0]", "{\"a\":null}"];

    #[test]
    fn read_by_type_only_null_is_absent() {
        assert_eq!(read(r#"{"a":null}"#, Fields::Typed).text("a").ok(), Some(None));
        assert_eq!(read(r#"{"a":""}"#, Fields::Typed).text("a").ok(), Some(Some(String::new())));
        for value in ["false", "0", "[]", "{}", "1"] {
            let fault = faulty(read(&format!(r#"{{"a":{value}}}"#), Fields::Typed).text("a"));
            assert_eq!(fault, Some(FieldFault::WrongType), "{value}");
        }
    }

    #[test]
    fn read_by_truth_whatever_is_false_is_absent_and_what_is_true_must_be_a_text() {
        for value in FALSE {
            let mut members = read(&format!(r#"{{"a":{value}}}"#), Fields::Truthy);
            assert!(!members.has("a"), "{value}");
            assert_eq!(members.text("a").ok(), Some(None), "{value}");
        }
        for value in TRUE {
            let mut members = read(&format!(r#"{{"a":{value}}}"#), Fields::Truthy);
            assert!(members.has("a"), "{value}");
            assert_eq!(faulty(members.text("a")), Some(FieldFault::WrongType), "{value}");
        }
    }

    #[test]
    fn a_flag_is_a_bool_by_type_and_anything_by_truth() {
        for (values, truth) in [(&FALSE[..], false), (&TRUE[..], true)] {
            for value in values {
                let flag = read(&format!(r#"{{"a":{value}}}"#), Fields::Truthy).flag("a");
                assert_eq!(flag.ok(), Some(Some(truth)), "{value}");
            }
        }
        assert_eq!(faulty(read(r#"{"a":1}"#, Fields::Typed).flag("a")), Some(FieldFault::WrongType));
    }

    #[test]
    fn a_required_member_that_is_there_with_a_false_value_is_wrong_by_truth_and_missing_by_type() {
        let required = |body: &str, fields| faulty(read(body, fields).required("a"));
        assert_eq!(required("{}", Fields::Truthy), Some(FieldFault::Missing));
        assert_eq!(required(r#"{"a":null}"#, Fields::Truthy), Some(FieldFault::WrongType));
        assert_eq!(required(r#"{"a":null}"#, Fields::Typed), Some(FieldFault::Missing));
        assert_eq!(required(r#"{"a":""}"#, Fields::Typed), Some(FieldFault::Missing));
    }
}
