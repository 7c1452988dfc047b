//! Changes to what a token says, under a good signature.

use crate::deal::Deal;
use crate::verdict::{AUDIENCE, Decision, ISSUER};

pub(crate) struct Edit {
    pub(crate) header: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) decisions: &'static [Decision],
    pub(crate) told: String,
}

impl Edit {
    fn new(
        header: impl Into<Vec<u8>>,
        payload: impl Into<Vec<u8>>,
        decisions: &'static [Decision],
        told: String,
    ) -> Self {
        Self { header: header.into(), payload: payload.into(), decisions, told }
    }
}

pub(crate) fn edit(deal: &mut Deal, header: &str, payload: &str) -> Edit {
    match deal.below(4) {
        0 => header_value(deal, header, payload),
        1 => header_text(deal, header, payload),
        2 => claim(deal, header, payload),
        _ => payload_text(deal, header, payload),
    }
}

/// Values of members: each JSON type, and the edges of numbers. No time lies near the present.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "-0",
    "1.0",
    "1.5",
    "1e3",
    "1000",
    "4500000000",
    "4500000000.0",
    "45e8",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "1e300",
    "\"\"",
    "\"x\"",
    "\"JWT\"",
    "\"jwt\"",
    "\"4500000000\"",
    "[]",
    "[\"x\"]",
    "[1]",
    "{}",
    "{\"a\":1}",
    "\"\\ud83d\\ude00\"",
    "\"\\ud800\"",
];

const KEY_MEMBERS: &[&str] = &["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "cty", "enc", "zip", "url", "nonce"];

fn header_value(deal: &mut Deal, header: &str, payload: &str) -> Edit {
    const EITHER: &[Decision] = &[Decision::Kind, Decision::Critical, Decision::Kid];
    let value = deal.pick(VALUES);
    let (name, decisions) = match deal.below(5) {
        0 => (deal.pick(&["typ", "kid"]), EITHER),
        1 => (deal.pick(&["crit", "b64"]), EITHER),
        2 => (deal.pick(KEY_MEMBERS), &[Decision::Unread][..]),
        3 => (deal.pick(&["ALG", "other"]), unread(value)),
        _ => ("alg", &[][..]),
    };
    let value = if name == "alg" { deal.pick(ALGORITHMS) } else { value };
    let told = format!("header {name} = {value}");
    let header = set(header, name, value);
    Edit::new(header, payload, decisions, told)
}

const ALGORITHMS: &[&str] = &[
    "\"none\"",
    "\"None\"",
    "\"HS256\"",
    "\"HS384\"",
    "\"HS512\"",
    "\"hs256\"",
    "\"RS256\"",
    "\"ES256\"",
    "\"EdDSA\"",
    "\"\"",
    "null",
    "1",
    "[\"HS256\"]",
];

/// About a member that the library does not know no decision may be made; but it does not look into
/// it either, and so takes half a character there.
fn unread(value: &str) -> &'static [Decision] {
    if value.contains("\\ud800") { &[Decision::Unread] } else { &[] }
}

fn header_text(deal: &mut Deal, header: &str, payload: &str) -> Edit {
    let alg = deal.algorithm();
    let (header, decisions): (String, &[Decision]) = match deal.below(8) {
        0 => (format!("{{\"alg\":\"{alg}\"}}"), &[Decision::Kind]),
        1 => (format!("{{\"typ\":\"JWT\",\"alg\":\"{alg}\"}}"), &[]),
        2 => (format!(" {{ \"alg\" :\t\"{alg}\",\n\"typ\":\"\\u004aWT\" }} "), &[]),
        3 => (format!("{{\"alg\":\"{alg}\",\"typ\":\"JWT\",\"x\":1,\"x\":2}}"), &[Decision::Object]),
        4 => (format!("{{\"alg\":\"{alg}\",\"typ\":\"JWT\",\"alg\":\"{alg}\"}}"), &[]),
        5 => (format!("\u{feff}{header}"), &[]),
        6 => (format!("[{header}]"), &[]),
        _ => (deal.pick(&["", "null", "{}", "[]", "\"\"", "{"]).to_owned(), &[]),
    };
    let told = format!("header {header}");
    Edit::new(header, payload, decisions, told)
}

fn claim(deal: &mut Deal, header: &str, payload: &str) -> Edit {
    const ALL: &[Decision] = &[Decision::Claim, Decision::Lifetime, Decision::IssuedAt];
    let name =
        deal.pick(&["role", "userid", "sub", "iat", "exp", "nbf", "jti", "sid", "gen", "epoch", "iss", "aud", "x"]);
    let value = match name {
        "iss" if deal.below(2) == 0 => deal.pick(ISSUERS),
        "aud" if deal.below(2) == 0 => deal.pick(AUDIENCES),
        _ => deal.pick(VALUES),
    };
    let payload = if deal.below(6) == 0 { without(payload, name) } else { set(payload, name, value) };
    let told = format!("claim {name} = {value} or none");
    let decisions = if name == "x" { unread(value) } else { ALL };
    Edit::new(header, payload, decisions, told)
}

const ISSUERS: &[&str] =
    &["\"https://app.example/\"", "\"https://APP.example\"", "[\"https://app.example\"]", "\"https://app.example\""];
const AUDIENCES: &[&str] =
    &["\"notes \"", "\"Notes\"", "[\"notes\"]", "[\"x\",\"notes\"]", "[\"x\"]", "[\"notes\",1]", "\"notes\""];

fn payload_text(deal: &mut Deal, header: &str, payload: &str) -> Edit {
    let (payload, decisions): (Vec<u8>, &[Decision]) = match deal.below(8) {
        0 => (set_twice(payload, "x").into_bytes(), &[Decision::Object]),
        1 => (set_twice(payload, "jti").into_bytes(), &[Decision::Object]),
        2 => (set_twice(payload, "exp").into_bytes(), &[Decision::Object]),
        3 => ([payload.as_bytes(), b" "].concat(), &[]),
        4 => ([payload.as_bytes(), b"x"].concat(), &[]),
        5 => (payload.replace("\"e", "\"\u{0}").into_bytes(), &[]),
        6 => (payload.bytes().map(|byte| if byte == 0xc3 { 0xff } else { byte }).collect(), &[]),
        _ => (list(deal).into_bytes(), &[Decision::Object]),
    };
    let told = format!("payload {}", String::from_utf8_lossy(&payload));
    Edit::new(header, payload, decisions, told)
}

/// What is no object; jsonwebtoken reads the first as its own five claims in their order.
fn list(deal: &mut Deal) -> String {
    let claims = format!("[4500000000,0,\"u\",\"{ISSUER}\",\"{AUDIENCE}\"]");
    deal.pick(&[claims.as_str(), "[]", "null", "1", "\"\"", "{}", ""]).to_owned()
}

/// Puts a member first. Its old value, if any, goes.
fn set(object: &str, name: &str, value: &str) -> String {
    let rest = without(object, name);
    let comma = if rest == "{}" { "" } else { "," };
    format!("{{\"{name}\":{value}{comma}{}", &rest[1..])
}

fn set_twice(object: &str, name: &str) -> String {
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(object).unwrap();
    let value = members.get(name).cloned().unwrap_or_default();
    format!("{{\"{name}\":{value},\"{name}\":{value},{}", &without(object, name)[1..])
}

fn without(object: &str, name: &str) -> String {
    let mut members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(object).unwrap();
    members.remove(name);
    serde_json::to_string(&members).unwrap()
}
