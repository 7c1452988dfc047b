use std::collections::BTreeMap;

use auth_core::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fernet::Fernet;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Sha256, Sha384};

use super::ordered::Ordered;
use super::recorded::{Recipe, Recorded, Tamper};

/// What stands for the names in `{{…}}`.
pub(super) struct Names {
    now: Timestamp,
    ids: BTreeMap<String, i64>,
    tokens: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn new(now: Timestamp, ids: BTreeMap<String, i64>) -> Self {
        Self { now, ids, tokens: BTreeMap::new() }
    }

    pub(super) fn keep(&mut self, name: &str, token: String) {
        self.tokens.insert(name.to_owned(), token);
    }

    pub(super) fn now(&self) -> i64 {
        self.now.unix_seconds()
    }

    pub(super) fn id(&self, username: &str) -> Option<i64> {
        self.ids.get(username).copied()
    }

    /// The text with every name in it replaced.
    pub(super) fn fill_text(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").expect("the end of a name");
            filled.push_str(before);
            filled.push_str(&self.written(name));
            rest = after;
        }
        filled + rest
    }

    /// The value with every name in it replaced; a text that is one name may become a number.
    pub(super) fn fill(&self, value: &Ordered) -> Ordered {
        match value {
            Ordered::Plain(_) => value.clone(),
            Ordered::Text(text) => match text.strip_prefix("{{").and_then(|text| text.strip_suffix("}}")) {
                Some(name) if !name.contains("{{") => self.value(name),
                _ => Ordered::Text(self.fill_text(text)),
            },
            Ordered::List(items) => Ordered::List(items.iter().map(|item| self.fill(item)).collect()),
            Ordered::Object(members) => {
                Ordered::Object(members.iter().map(|(name, value)| (name.clone(), self.fill(value))).collect())
            }
        }
    }

    fn value(&self, name: &str) -> Ordered {
        if let Some(token) = self.tokens.get(name) {
            return Ordered::text(token);
        }
        match name.split_once(':') {
            Some(("id", username)) => Ordered::Text(self.id(username).expect("a user").to_string()),
            Some(("int", rest)) => Ordered::Plain(self.written(rest)),
            Some(("str", rest)) => Ordered::Text(self.written(rest)),
            Some(("float", rest)) => Ordered::Plain(format!("{}.5", self.written(rest))),
            _ => Ordered::Plain(self.moment(name)),
        }
    }

    fn written(&self, name: &str) -> String {
        match self.value(name) {
            Ordered::Text(text) | Ordered::Plain(text) => text,
            other => panic!("{name} is {other}"),
        }
    }

    fn moment(&self, name: &str) -> String {
        let offset = name.strip_prefix("now").unwrap_or_else(|| panic!("nothing is called {name}"));
        let offset: i64 = offset.parse().expect("an offset in seconds");
        (self.now() + offset).to_string()
    }
}

/// A token as a client shows it, and as it stands in the table.
pub(super) struct Minted {
    pub(super) shown: String,
    pub(super) stored: Option<(String, String)>,
}

impl Recipe {
    pub(super) fn mint(&self, names: &Names, recorded: &Recorded) -> Minted {
        match self {
            Self::Jwt { alg, secret, claims, header, tamper } => {
                let secret = of_the_settings(secret, recorded);
                let usual = Ordered::object([("alg", Ordered::text(alg)), ("typ", Ordered::text("JWT"))]);
                let header = header.as_ref().unwrap_or(&usual).to_string();
                let token = jwt(alg, &secret, &header, &names.fill(claims).to_string());
                Minted { shown: tamper.map_or(token.clone(), |tamper| tampered(&token, tamper)), stored: None }
            }
            Self::Fernet { plaintext, key, store_for, tamper } => {
                let key = of_the_settings(key, recorded);
                let now = u64::try_from(names.now()).expect("a moment after 1970");
                let plaintext = names.fill_text(plaintext);
                let token = Fernet::new(&key).expect("a key").encrypt_at_time(plaintext.as_bytes(), now);
                let stored = store_for.as_ref().map(|username| (username.clone(), token.clone()));
                Minted { shown: if tamper == &Some(true) { changed(&token, 60) } else { token }, stored }
            }
        }
    }
}

/// `<NAME>` is a setting of the service.
fn of_the_settings(text: &str, recorded: &Recorded) -> String {
    let name = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    name.map_or(text.to_owned(), |name| recorded.setting(name).expect("a setting"))
}

fn jwt(alg: &str, secret: &str, header: &str, claims: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = match alg {
        "HS256" => {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
            mac.update(signed.as_bytes());
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        }
        "HS384" => {
            let mut mac = Hmac::<Sha384>::new_from_slice(secret.as_bytes()).expect("any key");
            mac.update(signed.as_bytes());
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        }
        _ => String::new(),
    };
    format!("{signed}.{signature}")
}

fn tampered(token: &str, tamper: Tamper) -> String {
    let (signed, signature) = token.rsplit_once('.').expect("a token");
    match tamper {
        Tamper::Signature => format!("{signed}.{}", changed(signature, 0)),
        Tamper::Payload => {
            let (header, payload) = signed.split_once('.').expect("a token");
            let claims = URL_SAFE_NO_PAD.decode(payload).expect("claims");
            let claims = String::from_utf8(claims).expect("claims");
            let other = claims.replacen("\"userid\": \"", "\"userid\": \"1", 1);
            assert_ne!(other, claims, "other claims");
            format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(other))
        }
    }
}

/// Another character of the same alphabet at this place.
fn changed(text: &str, place: usize) -> String {
    let other = |(number, character): (usize, char)| match character {
        _ if number != place => character,
        'A' => 'B',
        _ => 'A',
    };
    text.chars().enumerate().map(other).collect()
}
