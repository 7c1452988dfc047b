use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::ordered::Ordered;

const DATA: &str = include_str!("../../../data/differences.json");

/// One deliberate difference from the Python service.
#[derive(Debug, Deserialize)]
pub(super) struct Difference {
    /// What it is about.
    pub(super) subject: String,
    /// What that service did.
    pub(super) python: String,
    /// What is done here.
    pub(super) here: String,
    pub(super) cases: BTreeMap<String, Here>,
}

/// How a case is answered here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Here {
    /// As that service's own code meant to.
    Intended,
    /// With this status and this text.
    Refused(u16, String),
    Answered {
        status: u16,
        body: Ordered,
        #[serde(default)]
        effects: Map<String, Value>,
    },
}

impl Difference {
    /// The names of the recorded cases that it covers.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.cases.keys().map(String::as_str)
    }
}

/// All of them, in the order of the page.
#[must_use]
pub(super) fn differences() -> &'static [Difference] {
    static READ: OnceLock<Vec<Difference>> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str(DATA).expect("the differences"))
}

/// How a case is answered here, where it is listed.
pub(super) fn here(case: &str) -> Option<&'static Here> {
    differences().iter().find_map(|difference| difference.cases.get(case))
}

/// A refusal in the envelope of the Python service.
pub(super) fn refusal(status: u16, message: &str) -> Ordered {
    let error = Ordered::object([("message", Ordered::text(message))]);
    Ordered::object([("error", error), ("status", Ordered::Plain(status.to_string()))])
}
