use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::ordered::Ordered;

const DATA: &str = include_str!("../../../data/django_recorded.json");

/// What the Python service was asked and what it answered.
#[derive(Debug, Deserialize)]
pub(super) struct Recorded {
    pub(super) legend: Legend,
    pub(super) cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Legend {
    /// How the service was set up, by the documented names.
    pub(super) settings: Map<String, Value>,
}

/// One request and its answer, each from an empty table and an empty mailbox.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) given: Given,
    pub(super) request: Sent,
    pub(super) response: Received,
    pub(super) effects: Map<String, Value>,
    pub(super) compare: Compare,
    pub(super) intended: Option<Intended>,
}

/// What is there first.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Given {
    pub(super) users: Vec<Map<String, Value>>,
    pub(super) tokens: BTreeMap<String, Recipe>,
    pub(super) before: Vec<Before>,
}

/// How a token is made.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Recipe {
    Jwt { alg: String, secret: String, claims: Ordered, header: Option<Ordered>, tamper: Option<Tamper> },
    Fernet { plaintext: String, key: String, store_for: Option<String>, tamper: Option<bool> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tamper {
    /// Its first character is another one.
    Signature,
    /// Other claims stand over the old signature.
    Payload,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Before {
    pub(super) request: Sent,
    pub(super) expect_status: u16,
    #[serde(default)]
    pub(super) capture: BTreeMap<String, Captured>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum Captured {
    #[serde(rename = "body.token")]
    Token,
    #[serde(rename = "mail.restoring")]
    RestoringToken,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) body: Option<Ordered>,
    pub(super) body_raw: Option<String>,
    pub(super) body_base64: Option<String>,
    pub(super) body_gen: Option<Generated>,
}

/// `null` is a body too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Ordered>, D::Error> {
    Ordered::deserialize(deserializer).map(Some)
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Generated {
    pub(super) prefix: String,
    pub(super) fill: String,
    pub(super) count: usize,
    pub(super) suffix: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Ordered,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Compare {
    /// Everything.
    Full,
    /// The status and the headers.
    Status,
    /// Nothing: the service crashed.
    Fault,
}

/// What the service's own code meant to answer.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Intended {
    pub(super) response: Received,
}

impl Recorded {
    /// The data in this repository, read once.
    #[must_use]
    pub(super) fn data() -> &'static Self {
        static READ: OnceLock<Recorded> = OnceLock::new();
        READ.get_or_init(|| serde_json::from_str(DATA).expect("the recorded cases"))
    }

    /// The names of all cases.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().map(|case| case.name.as_str())
    }

    pub(super) fn setting(&self, name: &str) -> Option<String> {
        match self.legend.settings.get(name)? {
            Value::String(text) => Some(text.clone()),
            number => Some(number.to_string()),
        }
    }
}
