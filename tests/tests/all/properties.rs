//! What holds for any input at all.

use auth_core::account::{EmailAddress, Username};
use auth_core::actions::{Credentials, SignUp};
use auth_core::http::{AuthRequest, AuthResponse, Authorization, RequestHead, Route};
use auth_core::password::Password;
use auth_core::store::MemoryStore;
use auth_core::{Auth, AuthError, ClientInfo};
use auth_tests::{NEW_PW, PW, settings};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use proptest::prelude::*;

/// What no answer may repeat.
const SENTINEL: &str = "s3ntinel";

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn auth() -> Auth {
    Auth::builder(settings(), MemoryStore::default())
        .mailer(auth_core::mail::MemoryMailer::new())
        .background_worker(false)
        .build()
        .unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

fn ask(auth: &Auth, route: Route, authorization: &[Vec<u8>], body: Vec<u8>) -> AuthResponse {
    let head = RequestHead::read(None, authorization.iter().map(|value| ("authorization", value.as_slice())));
    block_on(auth.handle(AuthRequest::new(route, head, Ok(body))))
}

fn is_in_the_envelope(answer: &AuthResponse) -> bool {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    body["status"] == answer.status && (answer.status == 200 || body["error"]["code"].is_string())
}

/// JSON with our field names, wrong types and a sentinel in every text.
fn json() -> impl Strategy<Value = String> {
    let text = "\\PC{0,12}".prop_map(|text| serde_json::Value::from(format!("{SENTINEL}{text}")).to_string());
    let leaf = prop_oneof![
        text,
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just(format!(r#""{SENTINEL}@example.org""#)),
        Just(r#""\ud800""#.to_owned()),
    ];
    let name = prop_oneof![
        Just("email"),
        Just("username"),
        Just("password"),
        Just("token"),
        Just("new_password"),
        Just("email_as_name"),
        Just(SENTINEL)
    ];
    leaf.prop_recursive(4, 24, 6, move |inner| {
        let member = (name.clone(), inner.clone()).prop_map(|(name, value)| format!(r#""{name}":{value}"#));
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// A text with one byte replaced, or cut short.
fn mangled(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    (text, any::<proptest::sample::Index>(), any::<u8>(), 0..4_u8).prop_map(|(text, at, byte, how)| {
        let mut bytes = text.into_bytes();
        if bytes.is_empty() {
            return bytes;
        }
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => bytes.truncate(at),
            _ => {}
        }
        bytes
    })
}

#[test]
fn no_body_is_a_fault_of_ours_and_no_refusal_repeats_it() {
    let auth = auth();
    let bodies = prop_oneof![mangled(json()), proptest::collection::vec(any::<u8>(), 0..64)];
    proptest!(config(400), |(body in bodies)| {
        for route in Route::ALL {
            let answer = ask(&auth, route, &[], body.clone());
            prop_assert!(answer.status < 500, "{route:?} {answer:?}");
            prop_assert!(is_in_the_envelope(&answer));
            let text = String::from_utf8(answer.body).unwrap();
            prop_assert!(answer.status == 200 || !text.contains(SENTINEL), "{text}");
        }
    });
}

#[test]
fn no_header_is_a_fault_of_ours_or_a_token() {
    let auth = auth();
    let value = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        "(?i)bearer[ \\t]{0,3}[ -~]{0,40}".prop_map(String::into_bytes),
    ];
    proptest!(config(1_000), |(values in proptest::collection::vec(value, 0..3))| {
        if let Authorization::Bearer(token) = Authorization::read(values.iter().map(Vec::as_slice)) {
            prop_assert!(values.len() == 1 && !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
        }
        for route in [Route::Refresh, Route::Signout, Route::GetUser, Route::Validation] {
            let answer = ask(&auth, route, &values, Vec::new());
            prop_assert!([400, 401].contains(&answer.status), "{answer:?}");
            prop_assert!(is_in_the_envelope(&answer));
        }
    });
}

#[test]
fn every_accepted_address_is_one_plain_address_and_its_canonical_form_is_its_own() {
    let text = prop_oneof![
        "\\PC{0,30}",
        "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{0,12}@[a-zA-Z0-9üß.\u{3002}-]{0,20}",
        "[ -~]{0,10}@\\PC{0,10}\\.[a-z]{0,5}",
    ];
    proptest!(config(4_000), |(text in text)| {
        if let Ok(address) = text.parse::<EmailAddress>() {
            let canonical = address.canonical().as_str();
            let again: EmailAddress = canonical.parse().unwrap();
            prop_assert_eq!(again.canonical().as_str(), canonical);
            prop_assert_eq!(address.as_str(), &*text);
            prop_assert_eq!(text.matches('@').count(), 1);
            prop_assert!(address.local_part().is_ascii() && canonical.is_ascii() && canonical.len() <= 254);
            prop_assert!(!text.chars().any(|c| c.is_control() || c.is_whitespace() || ",;<>\"()[]\\".contains(c)));
            prop_assert!(canonical.split_once('@').is_some_and(|(_, domain)| domain.contains('.')));
        }
    });
}

#[test]
fn every_accepted_username_has_a_canonical_form_that_is_its_own() {
    proptest!(config(4_000), |(text in "\\PC{0,20}|.{0,20}")| {
        if let Ok(name) = text.parse::<Username>() {
            prop_assert_eq!(name.as_str(), &*text);
            prop_assert!(!name.canonical().contains('@') && !name.canonical().chars().any(char::is_control));
            let again = Username::stored(name.canonical());
            prop_assert_eq!(again.canonical(), name.canonical());
        }
    });
}

#[test]
fn no_text_but_the_token_itself_is_verified() {
    let auth = auth();
    let good = block_on(async {
        let client = ClientInfo::default();
        let _ = auth.signup(SignUp::with_username("ann", PW), &client).await.unwrap();
        let signed_in = auth.signin(Credentials::new("ann", PW), &client).await.unwrap();
        signed_in.token.expose().to_owned()
    });
    assert!(auth.verify_token(&good).is_ok());
    let text = prop_oneof![
        mangled(Just(good.clone())).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        "\\PC{0,60}",
        "[A-Za-z0-9_-]{0,30}\\.[A-Za-z0-9_-]{0,30}\\.[A-Za-z0-9_-]{0,30}",
    ];
    proptest!(config(4_000), |(text in text)| {
        match auth.verify_token(&text) {
            Ok(_) => prop_assert_eq!(&text, &good),
            Err(error) => prop_assert!(matches!(error, AuthError::TokenInvalid(_) | AuthError::TokenMissing)),
        }
    });
}

#[test]
fn no_text_is_a_restoring_token_that_nobody_made() {
    let auth = auth();
    let frame = (any::<u64>(), proptest::collection::vec(any::<u8>(), 0..90)).prop_map(|(time, rest)| {
        let frame = [&[0x80][..], &time.to_be_bytes(), &rest].concat();
        URL_SAFE.encode(frame)
    });
    let text = prop_oneof![frame.clone(), "\\PC{0,150}", (frame, "[=A]{0,3}").prop_map(|(text, end)| text + &end)];
    proptest!(config(2_000), |(text in text)| {
        let restored = block_on(auth.restore(&text, Password::new(NEW_PW), &ClientInfo::default()));
        prop_assert!(matches!(restored, Err(AuthError::RestoreToken(_))));
    });
}
