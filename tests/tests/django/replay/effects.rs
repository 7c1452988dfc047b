use std::collections::BTreeMap;

use auth_core::mail::Mail;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::minted::Names;
use auth_tests::Answer;

type Rows = BTreeMap<String, Map<String, Value>>;

/// What a request did beside its answer.
pub(super) struct Effects<'a> {
    pub(super) before: Rows,
    pub(super) after: Rows,
    pub(super) mails: Vec<Mail>,
    pub(super) answer: &'a Answer,
    pub(super) names: &'a Names,
}

/// What a token of ours says beside the claims of the Python service.
const OUR_CLAIMS: [&str; 6] = ["epoch", "gen", "iat", "jti", "sid", "sub"];

impl Effects<'_> {
    /// In the words of the recorded cases; what did not happen is not there.
    pub(super) fn told(&self) -> Result<Map<String, Value>, String> {
        let mut told = Map::new();
        let created: Vec<_> = self.after.iter().filter(|(name, _)| !self.before.contains_key(*name)).collect();
        if !created.is_empty() {
            told.insert("users_created".to_owned(), created.into_iter().map(|(_, row)| new(row)).collect());
        }
        let changed: Map<_, _> = self.before.iter().filter_map(|(name, row)| self.change(name, row)).collect();
        if !changed.is_empty() {
            told.insert("users_changed".to_owned(), changed.into());
        }
        if !self.mails.is_empty() {
            told.insert("mails".to_owned(), self.mails.iter().map(mail).collect());
        }
        if let Some(token) = self.token()? {
            told.insert("token".to_owned(), token);
        }
        Ok(told)
    }

    fn change(&self, name: &str, before: &Map<String, Value>) -> Option<(String, Value)> {
        let Some(after) = self.after.get(name) else { return Some((name.to_owned(), "deleted".into())) };
        let changed = after.iter().filter(|(column, value)| before.get(*column) != Some(value));
        let changed: Map<_, _> = changed.map(|(column, value)| (column.clone(), cell(column, value))).collect();
        (!changed.is_empty()).then(|| (name.to_owned(), changed.into()))
    }

    fn token(&self) -> Result<Option<Value>, String> {
        let body: Value = serde_json::from_str(self.answer.text()).unwrap_or_default();
        let Some(token) = body["token"].as_str() else { return Ok(None) };
        let mut parts = token.split('.').map(decoded);
        let (Some(Some(mut header)), Some(Some(mut claims))) = (parts.next(), parts.next()) else {
            return Err("the token is none".to_owned());
        };
        if header.remove("kid").is_none() || OUR_CLAIMS.iter().any(|claim| claims.remove(*claim).is_none()) {
            return Err("the token lacks what is ours".to_owned());
        }
        let minutes = claims["exp"].as_i64().map(|exp| (exp - self.names.now()) / 60);
        claims.insert("exp".to_owned(), format!("<now+{}>", minutes.unwrap_or_default() * 60).into());
        let user = claims["userid"].as_str().unwrap_or_default().to_owned();
        let name = self.before.keys().find(|name| self.names.id(name).is_some_and(|id| id.to_string() == user));
        claims.insert("userid".to_owned(), name.map_or(user, |name| format!("<id:{name}>")).into());
        Ok(Some(json!({"header": header, "claims": claims})))
    }
}

fn decoded(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn new(row: &Map<String, Value>) -> Value {
    let mut row = row.clone();
    let password = row["password"].as_str().unwrap_or_default();
    let format = password.split_once('$').map_or(password, |(format, _)| format);
    let password = format!("{format}$...");
    row.insert("password".to_owned(), password.into());
    row.insert("date_joined".to_owned(), "<date>".into());
    row.into()
}

fn cell(column: &str, value: &Value) -> Value {
    match column {
        "password" => "<new hash>".into(),
        "restoring_token" if value.is_string() => "<restoring_token>".into(),
        _ => value.clone(),
    }
}

fn mail(mail: &Mail) -> Value {
    let text = mail.expose_text();
    let told = match text.split_once("restoring=") {
        Some((before, _)) => format!("{before}restoring=<restoring_token>\r\n"),
        None => text.to_owned(),
    };
    let told = mail.expose_html().map_or(told, |html| format!("HTML beside it: {html}"));
    json!({"from": mail.from().address(), "to": [mail.to().as_str()], "subject": mail.subject(), "body": told})
}
