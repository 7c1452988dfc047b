use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::ordered::Ordered;

const DATA: &str = include_str!("../../data/django_recorded.json");

/// What the Python service was asked and what it answered.
#[derive(Debug, Deserialize)]
pub struct Recorded {
    pub(crate) legend: Legend,
    pub(crate) cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Legend {
    /// How the service was set up, by the documented names.
    pub(crate) settings: Map<String, Value>,
}

/// One request and its answer, each from an empty table and an empty mailbox.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) given: Given,
    pub(crate) request: Sent,
    pub(crate) response: Received,
    pub(crate) effects: Map<String, Value>,
    pub(crate) compare: Compare,
    pub(crate) intended: Option<Intended>,
}

/// What is there first.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Given {
    pub(crate) users: Vec<Map<String, Value>>,
    pub(crate) tokens: BTreeMap<String, Recipe>,
    pub(crate) before: Vec<Before>,
}

/// How a token is made.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Recipe {
    Jwt { alg: String, secret: String, claims: Ordered, header: Option<Ordered>, tamper: Option<Tamper> },
    Fernet { plaintext: String, key: String, store_for: Option<String>, tamper: Option<bool> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tamper {
    /// Its first character is another one.
    Signature,
    /// Other claims stand over the old signature.
    Payload,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Before {
    pub(crate) request: Sent,
    pub(crate) expect_status: u16,
    #[serde(default)]
    pub(crate) capture: BTreeMap<String, Captured>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) enum Captured {
    #[serde(rename = "body.token")]
    Token,
    #[serde(rename = "mail.restoring")]
    RestoringToken,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) body: Option<Ordered>,
    pub(crate) body_raw: Option<String>,
    pub(crate) body_base64: Option<String>,
    pub(crate) body_gen: Option<Generated>,
}

/// `null` is a body too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Ordered>, D::Error> {
    Ordered::deserialize(deserializer).map(Some)
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Generated {
    pub(crate) prefix: String,
    pub(crate) fill: String,
    pub(crate) count: usize,
    pub(crate) suffix: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Ordered,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Compare {
    /// Everything.
    Full,
    /// The status and the headers.
    Status,
    /// Nothing: the service crashed.
    Fault,
}

/// What the service's own code meant to answer.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Intended {
    pub(crate) response: Received,
}

impl Recorded {
    /// The data in this repository, read once.
    #[must_use]
    pub fn data() -> &'static Self {
        static READ: OnceLock<Recorded> = OnceLock::new();
        READ.get_or_init(|| serde_json::from_str(DATA).expect("the recorded cases"))
    }

    /// The names of all cases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().map(|case| case.name.as_str())
    }

    pub(crate) fn setting(&self, name: &str) -> Option<String> {
        match self.legend.settings.get(name)? {
            Value::String(text) => Some(text.clone()),
            number => Some(number.to_string()),
        }
    }
}
