//! Changes to a token as it travels, which leave no signature whole that covers them.

use crate::deal::Deal;

#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub(crate) name: &'static str,
    pub(crate) apply: fn(&mut Deal, &str) -> String,
}

pub(crate) const CHANGES: &[Change] = &[
    Change { name: "a character replaced", apply: replace },
    Change { name: "a character removed", apply: remove },
    Change { name: "a character put in", apply: insert },
    Change { name: "two characters swapped", apply: swap },
    Change { name: "cut short", apply: cut },
    Change { name: "a part repeated", apply: repeat_part },
    Change { name: "a part left out", apply: drop_part },
    Change { name: "a part emptied", apply: empty_part },
    Change { name: "parts reversed", apply: reverse_parts },
    Change { name: "the other base64", apply: |_, token| token.replace('-', "+").replace('_', "/") },
    Change { name: "padded", apply: |deal, token| token.to_owned() + deal.pick(&["=", "==", "==="]) },
    Change { name: "stray bits in the signature", apply: stray_bits },
    Change { name: "something before or after", apply: around },
    Change { name: "case changed", apply: |_, token| token.to_ascii_lowercase() },
];

const CHARACTERS: &[char] = &[
    'A',
    'Z',
    'a',
    'q',
    'z',
    '0',
    '9',
    '-',
    '_',
    '.',
    '=',
    '+',
    '/',
    ' ',
    '\n',
    '\0',
    '%',
    '"',
    '\u{e9}',
    '\u{1f511}',
];

/// Tokens are ASCII until one of these puts in something else.
fn place(deal: &mut Deal, token: &str) -> usize {
    let mut at = deal.below(token.len() + 1);
    while !token.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn replace(deal: &mut Deal, token: &str) -> String {
    let shorter = remove(deal, token);
    insert(deal, &shorter)
}

fn remove(deal: &mut Deal, token: &str) -> String {
    let mut token = token.to_owned();
    let at = place(deal, &token);
    if at < token.len() {
        token.remove(at);
    }
    token
}

fn insert(deal: &mut Deal, token: &str) -> String {
    let mut token = token.to_owned();
    let at = place(deal, &token);
    token.insert(at, deal.pick(CHARACTERS));
    token
}

fn swap(deal: &mut Deal, token: &str) -> String {
    let mut characters: Vec<_> = token.chars().collect();
    if !characters.is_empty() {
        let (a, b) = (deal.below(characters.len()), deal.below(characters.len()));
        characters.swap(a, b);
    }
    characters.into_iter().collect()
}

fn cut(deal: &mut Deal, token: &str) -> String {
    let mut token = token.to_owned();
    let at = place(deal, &token);
    token.truncate(at);
    token
}

fn with_parts(token: &str, change: impl FnOnce(&mut Vec<&str>)) -> String {
    let mut parts = token.split('.').collect();
    change(&mut parts);
    parts.join(".")
}

fn repeat_part(deal: &mut Deal, token: &str) -> String {
    with_parts(token, |parts| {
        let at = deal.below(parts.len());
        parts.insert(at, parts[at]);
    })
}

fn drop_part(deal: &mut Deal, token: &str) -> String {
    with_parts(token, |parts| {
        parts.remove(deal.below(parts.len()));
    })
}

fn empty_part(deal: &mut Deal, token: &str) -> String {
    with_parts(token, |parts| {
        let at = deal.below(parts.len());
        parts[at] = "";
    })
}

fn reverse_parts(_: &mut Deal, token: &str) -> String {
    with_parts(token, |parts| parts.reverse())
}

/// Another last character that a lax decoder reads as the same bytes.
fn stray_bits(deal: &mut Deal, token: &str) -> String {
    let mut token = token.to_owned();
    token.pop();
    token.push(deal.pick(&['A', 'B', 'C', 'D', 'E', 'g', 'w', '4', '8', '_']));
    token
}

fn around(deal: &mut Deal, token: &str) -> String {
    let (before, after) =
        deal.pick(&[(" ", ""), ("", " "), ("", "\n"), ("\u{feff}", ""), ("Bearer ", ""), (".", ""), ("", ".")]);
    format!("{before}{token}{after}")
}
