use serde_json::{Map, Value};

use super::differences::{Here, here, refusal};
use super::pattern;
use super::recorded::{Case, Compare, Received};
use super::stage::Played;

/// How our answer to a case stands to the recorded one.
pub(super) enum Verdict {
    Equal,
    Listed,
    /// With what was found.
    Unlisted(String),
}

impl Verdict {
    pub(super) fn of(case: &Case, played: &Played) -> Self {
        let recorded = unequal(case, played);
        match (here(&case.name), recorded) {
            (None, None) => Self::Equal,
            (None, Some(why)) => Self::Unlisted(why),
            (Some(_), None) => Self::Unlisted("  listed, but answered as recorded".to_owned()),
            (Some(here), Some(_)) => match unlike(here, case, played) {
                None => Self::Listed,
                Some(why) => Self::Unlisted(why),
            },
        }
    }
}

/// What differs from the recorded case, by its own rule of comparison.
fn unequal(case: &Case, played: &Played) -> Option<String> {
    match case.compare {
        Compare::Full => differs(&case.response, &case.effects, played),
        Compare::Status => {
            let headers = case.response.headers.iter();
            let same = headers.clone().all(|(name, value)| played.answer.header(name) == Some(value.as_str()))
                && played.answer.status() == case.response.status
                && played.effects.is_empty();
            (!same).then(|| said(case.response.status, &format!("{:?}", case.response.headers), &case.effects, played))
        }
        Compare::Fault => Some(said(500, "a crash", &case.effects, played)),
    }
}

/// What differs from how a listed case is said to be answered here.
fn unlike(here: &Here, case: &Case, played: &Played) -> Option<String> {
    let json =
        |status, body| Received { status, content_type: "application/json".to_owned(), body, headers: [].into() };
    let nothing = Map::new();
    match here {
        Here::Intended => {
            let Some(intended) = &case.intended else { return Some("  nothing was intended".to_owned()) };
            differs(&intended.response, &nothing, played)
        }
        Here::Refused(status, message) => differs(&json(*status, refusal(*status, message)), &nothing, played),
        Here::Answered { status, body, effects } => differs(&json(*status, body.clone()), effects, played),
    }
}

fn differs(expected: &Received, effects: &Map<String, Value>, played: &Played) -> Option<String> {
    let mut effects = effects.clone();
    // The body is compared in the order of its members.
    effects.remove("user_keys_in_order");
    let body = expected.body.to_string();
    let same = played.answer.status() == expected.status
        && played.answer.header("content-type") == Some(expected.content_type.as_str())
        && pattern::matches(&body, played.answer.text())
        && played.effects == effects;
    (!same).then(|| said(expected.status, &body, &effects, played))
}

fn said(status: u16, body: &str, effects: &Map<String, Value>, played: &Played) -> String {
    let told = |effects: &Map<String, Value>| Value::from(effects.clone()).to_string();
    format!(
        "  expected {status} {body} {}\n  found    {} {} {}",
        told(effects),
        played.answer.status(),
        played.answer.text(),
        told(&played.effects)
    )
}
