use auth_core::account::UserId;
use auth_core::{Random, RandomError, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Map, Value};

const MAX_TITLE: usize = 200;
const MAX_BODY: usize = 10_000;

/// A note as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// 128 random bits, so that nobody guesses another's.
    pub id: String,
    /// The account that wrote it.
    pub owner: UserId,
    /// One line.
    pub title: String,
    /// Any text, also none.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
}

impl Note {
    /// A new note of `owner`.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(owner: &UserId, draft: Draft, now: Timestamp, random: &dyn Random) -> Result<Self, RandomError> {
        let mut id = [0; 16];
        random.fill(&mut id)?;
        let Draft { title, body } = draft;
        Ok(Self { id: URL_SAFE_NO_PAD.encode(id), owner: owner.clone(), title, body, created_at: now })
    }

    pub(super) fn public(&self) -> PublicNote<'_> {
        PublicNote { id: &self.id, title: &self.title, body: &self.body, created_at: self.created_at.to_rfc3339() }
    }
}

/// A note as its owner reads it.
#[derive(Debug, Serialize)]
pub(super) struct PublicNote<'a> {
    id: &'a str,
    title: &'a str,
    body: &'a str,
    created_at: String,
}

/// What a person wrote, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    title: String,
    body: String,
}

impl Draft {
    /// Reads the members `title` and, where there is one, `body`.
    ///
    /// # Errors
    /// With the member that cannot be kept.
    pub fn read(mut members: Map<String, Value>) -> Result<Self, DraftFault> {
        let title = text(members.remove("title")).filter(|text| is_title(text)).ok_or(DraftFault::Title)?;
        let body = match members.remove("body") {
            None | Some(Value::Null) => String::new(),
            given => text(given).filter(|text| is_body(text)).ok_or(DraftFault::Body)?,
        };
        Ok(Self { title, body })
    }
}

fn text(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn is_title(text: &str) -> bool {
    (1..=MAX_TITLE).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn is_body(text: &str) -> bool {
    text.chars().count() <= MAX_BODY && !text.contains('\0')
}

/// Why a note is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DraftFault {
    /// The member `title`.
    #[error("A title has 1 to {MAX_TITLE} characters on one line.")]
    Title,
    /// The member `body`.
    #[error("A body is text of at most {MAX_BODY} characters.")]
    Body,
}

impl DraftFault {
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(members: &Value) -> Result<Draft, DraftFault> {
        Draft::read(members.as_object().unwrap().clone())
    }

    #[test]
    fn a_title_is_enough() {
        let draft = read(&json!({"title": "t", "x": 1})).unwrap();
        assert_eq!((draft.title.as_str(), draft.body.as_str()), ("t", ""));
        assert!(read(&json!({"title": "é".repeat(200), "body": "é\n".repeat(5_000)})).is_ok());
    }

    #[test]
    fn what_is_no_title_is_refused() {
        for title in [json!(null), json!(""), json!(1), json!(["t"]), json!("t".repeat(201)), json!("a\nb")] {
            assert_eq!(read(&json!({"title": title})), Err(DraftFault::Title), "{title}");
        }
        assert_eq!(read(&json!({})), Err(DraftFault::Title));
    }

    #[test]
    fn what_is_no_body_is_refused() {
        for body in [json!(1), json!({}), json!("b".repeat(10_001)), json!("a\0b")] {
            assert_eq!(read(&json!({"title": "t", "body": body})), Err(DraftFault::Body), "{body}");
        }
    }
}
