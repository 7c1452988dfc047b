use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

/// What was said, in order.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    entries: Vec<String>,
    answers: Vec<String>,
    passwords: BTreeSet<String>,
}

/// A shorter password may be a word that anybody says.
const SHORTEST_SECRET: usize = 12;

impl Transcript {
    pub(crate) fn add(&mut self, entry: String) {
        self.entries.push(entry);
    }

    /// Notes for the search of secrets what a client has sent and was answered.
    pub(crate) fn heard(&mut self, body: &[u8], answer: String) {
        self.answers.push(answer);
        let Ok(Value::Object(sent)) = serde_json::from_slice(body) else { return };
        let passwords = ["password", "new_password"].into_iter().filter_map(|name| sent.get(name)?.as_str());
        // Some try their address, which is no secret.
        let secret = passwords.filter(|text| text.len() >= SHORTEST_SECRET && !text.contains('@'));
        self.passwords.extend(secret.map(str::to_owned));
    }

    /// The passwords that were sent, right and wrong ones.
    pub(crate) fn passwords(&self) -> &BTreeSet<String> {
        &self.passwords
    }

    pub(crate) fn answers(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().map(String::as_str)
    }

    pub(crate) fn restoring_tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens().filter(|token| kind_of(token) == Some("restoring token"))
    }

    /// The tokens that were said.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &str> {
        let words = self.entries.iter().flat_map(|entry| entry.split(|c| !is_token_char(c)));
        words.filter(|word| matches!(kind_of(word), Some("token" | "restoring token")))
    }

    /// All of it, with numbered names in the place of what differs from run to run.
    pub(crate) fn finish(&self) -> String {
        let mut names = Names::default();
        let entries: Vec<_> = self.entries.iter().map(|entry| names.put_into(entry)).collect();
        entries.join("\n")
    }
}

/// One name for each token and id: the same text has the same name.
#[derive(Default)]
struct Names {
    given: HashMap<String, String>,
    counts: HashMap<&'static str, usize>,
}

impl Names {
    fn put_into(&mut self, entry: &str) -> String {
        let mut out = String::new();
        let mut rest = entry;
        while let Some(start) = rest.find(is_token_char) {
            let (before, from) = rest.split_at(start);
            out.push_str(before);
            let end = from.find(|c| !is_token_char(c)).unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            out.push_str(&self.name_of(word));
            rest = after;
        }
        out + rest
    }

    fn name_of(&mut self, word: &str) -> String {
        let Some(kind) = kind_of(word) else { return word.to_owned() };
        let Self { given, counts } = self;
        let name = given.entry(word.to_owned()).or_insert_with(|| {
            let count = counts.entry(kind).or_default();
            *count += 1;
            format!("<{kind} {count}>")
        });
        name.clone()
    }
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn kind_of(word: &str) -> Option<&'static str> {
    let dashes: Vec<_> = word.match_indices('-').map(|(at, _)| at).collect();
    if word.len() == 36 && dashes == [8, 13, 18, 23] {
        return Some("id");
    }
    if word.starts_with("gAAAA") && word.len() >= 100 {
        return Some("restoring token");
    }
    if word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some("digest");
    }
    (word.starts_with("eyJ") && word.matches('.').count() == 2).then_some("token")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_has_a_number_and_nothing_else_does() {
        let id = "018bcfe5-6800-7000-8000-000000000000";
        let mut transcript = Transcript::default();
        transcript.add(format!("{id} eyJ0.eyJ1.s {}", "gAAAA".repeat(28)));
        transcript.add(format!("{id} eyJ0.eyJ2.s 2023-11-14T22:13:20Z"));
        let told = "<id 1> <token 1> <restoring token 1>\n<id 1> <token 2> 2023-11-14T22:13:20Z";
        assert_eq!(transcript.finish(), told);
    }
}
