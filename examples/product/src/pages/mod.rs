//! What a browser gets: everything outside the account routes and the notes.

mod files;
mod mailbox;
mod visit;

use serde::Serialize;

use crate::Answer;
use crate::development::Mailbox;
use crate::settings::Prefix;

pub use visit::Visit;

pub(crate) use mailbox::render_mailbox;

/// The pages under `/app/`, in development the mailbox, and the 404 of everything else.
#[derive(Debug, Clone)]
pub struct Pages {
    prefix: Prefix,
    mailbox: Option<Mailbox>,
}

impl Pages {
    pub(crate) fn new(prefix: Prefix, mailbox: Option<Mailbox>) -> Self {
        Self { prefix, mailbox }
    }

    /// Answers whatever no other route has taken.
    #[must_use]
    pub fn answer(&self, visit: &Visit<'_>) -> Answer {
        if !visit.is_read() {
            return Answer::nothing_here();
        }
        let found = match visit.path() {
            "/" if !self.prefix.is_root() => Some(Answer::redirect("/app/")),
            "/app" => Some(Answer::redirect("/app/")),
            "/app/config.json" => Some(Answer::json(200, &self.configuration())),
            "/dev/mailbox" => self.mailbox.as_ref().and_then(|mailbox| mailbox.open(visit)),
            path => files::answer(path),
        };
        found.unwrap_or_else(Answer::nothing_here)
    }

    fn configuration(&self) -> Configuration {
        Configuration { auth: self.prefix.join(""), notes: "/notes", development: self.mailbox.is_some() }
    }
}

/// What the pages must be told, since their bytes are the same on every server.
#[derive(Serialize)]
struct Configuration {
    /// What a slash and the name of an account route are appended to.
    auth: String,
    notes: &'static str,
    development: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(prefix: &str) -> Pages {
        Pages::new(prefix.parse().unwrap(), None)
    }

    fn get(path: &str, query: Option<&str>) -> Answer {
        pages("/auth").answer(&Visit::new("GET", path, query, []))
    }

    fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
        answer.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn the_root_leads_to_the_pages_unless_the_account_routes_lie_there() {
        assert_eq!(header(&get("/", None), "location"), Some("/app/"));
        assert_eq!(pages("/").answer(&Visit::new("GET", "/", None, [])).status, 404);
    }

    #[test]
    fn the_pages_are_told_where_the_routes_are() {
        for (prefix, auth) in [("/auth", "/auth"), ("/", ""), ("/api/v1/", "/api/v1")] {
            let answer = pages(prefix).answer(&Visit::new("GET", "/app/config.json", None, []));
            let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(told, serde_json::json!({"auth": auth, "notes": "/notes", "development": false}));
        }
    }

    #[test]
    fn the_page_for_a_new_password_does_not_repeat_the_token() {
        let plain = get("/app/restore", None);
        assert_eq!(plain.status, 200);
        assert_eq!(get("/app/restore", Some("lang=en&restoring=gAAA-_B=")), plain);
    }

    #[test]
    fn without_development_there_is_no_mailbox() {
        assert_eq!(get("/dev/mailbox", Some("key=")), get("/nothing", None));
        assert_eq!(get("/dev/mailbox", None).status, 404);
    }

    #[test]
    fn a_page_is_not_kept_not_guessed_at_not_referred_to_and_takes_nothing_from_elsewhere() {
        for path in ["/app/", "/app/signin", "/app/restore"] {
            let page = get(path, None);
            assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"));
            assert_eq!(header(&page, "cache-control"), Some("no-store"));
            assert_eq!(header(&page, "referrer-policy"), Some("no-referrer"));
            assert_eq!(header(&page, "x-content-type-options"), Some("nosniff"));
            let policy = header(&page, "content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        }
    }

    #[test]
    fn only_reading_is_answered() {
        assert_eq!(pages("/auth").answer(&Visit::new("POST", "/app/", None, [])).status, 404);
    }
}
