//! What a browser gets: everything outside the account routes and the notes.

mod template;
mod visit;

use serde::Serialize;

use crate::Answer;
use crate::development::Mailbox;
use crate::settings::Prefix;

pub use visit::Visit;

pub(crate) use template::Page;

/// The pages under `/app/`, in development the mailbox, and the 404 of everything else.
#[derive(Debug, Clone)]
pub struct Pages {
    base: String,
    prefix: Prefix,
    mailbox: Option<Mailbox>,
}

impl Pages {
    /// Pages of a server that is reached at `base`, an origin without a slash at its end.
    pub(crate) fn new(base: String, prefix: Prefix, mailbox: Option<Mailbox>) -> Self {
        Self { base, prefix, mailbox }
    }

    /// Answers whatever no other route has taken.
    #[must_use]
    pub fn answer(&self, visit: &Visit<'_>) -> Answer {
        if !visit.is_read() {
            return Answer::nothing_here();
        }
        match visit.path() {
            "/" if !self.prefix.is_root() => Answer::redirect("/app/"),
            "/app" => Answer::redirect("/app/"),
            "/app/" => Page::App.render(&self.facts(None)),
            "/app/restore" => Page::Restore.render(&self.facts(visit.parameter("restoring"))),
            "/dev/mailbox" => {
                self.mailbox.as_ref().and_then(|mailbox| mailbox.open(visit)).unwrap_or_else(Answer::nothing_here)
            }
            _ => Answer::nothing_here(),
        }
    }

    fn facts<'a>(&'a self, token: Option<&'a str>) -> Facts<'a> {
        Facts {
            base: &self.base,
            auth: format!("{}{}", self.base, self.prefix.join("")),
            token: token.filter(|token| is_token(token)),
            development: self.mailbox.is_some(),
        }
    }
}

/// What a page may show.
#[derive(Serialize)]
struct Facts<'a> {
    base: &'a str,
    auth: String,
    token: Option<&'a str>,
    development: bool,
}

/// URL-safe base64. Anything else has no business in a line that somebody pastes into a shell.
fn is_token(text: &str) -> bool {
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
    (1..=256).contains(&text.len()) && text.bytes().all(base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(prefix: &str) -> Pages {
        Pages::new("http://127.0.0.1:3000".to_owned(), prefix.parse().unwrap(), None)
    }

    fn get(path: &str, query: Option<&str>) -> Answer {
        pages("/auth").answer(&Visit::new("GET", path, query, []))
    }

    fn text(answer: &Answer) -> &str {
        std::str::from_utf8(&answer.body).unwrap()
    }

    #[test]
    fn the_root_leads_to_the_pages_unless_the_account_routes_lie_there() {
        assert!(get("/", None).headers.contains(&("location", "/app/".to_owned())));
        assert_eq!(pages("/").answer(&Visit::new("GET", "/", None, [])).status, 404);
    }

    #[test]
    fn the_first_page_names_the_routes_where_they_are() {
        assert!(text(&get("/app/", None)).contains("http://127.0.0.1:3000/auth/signup"));
        let root = pages("/").answer(&Visit::new("GET", "/app/", None, []));
        assert!(text(&root).contains("http://127.0.0.1:3000/signup"));
    }

    #[test]
    fn the_restoring_token_is_shown_in_the_line_that_uses_it() {
        let page = get("/app/restore", Some("lang=en&restoring=gAAA-_B="));
        assert!(text(&page).contains("\"token\":\"gAAA-_B=\""), "{}", text(&page));
    }

    #[test]
    fn what_is_no_token_is_not_shown() {
        for query in ["restoring=';rm%20-rf", "restoring=<script>", "restoring='", "restoring=$(x)", "restoring=", ""] {
            let page = get("/app/restore", Some(query));
            assert!(text(&page).contains("carries no token"), "{query}");
        }
    }

    #[test]
    fn without_development_there_is_no_mailbox() {
        assert_eq!(get("/dev/mailbox", Some("key=")), get("/nothing", None));
        assert_eq!(get("/dev/mailbox", None).status, 404);
    }

    #[test]
    fn a_page_allows_nothing_from_elsewhere() {
        let policy = get("/app/", None).headers.into_iter().find(|(name, _)| *name == "content-security-policy");
        assert!(policy.unwrap().1.starts_with("default-src 'none'"));
    }

    #[test]
    fn only_reading_is_answered() {
        assert_eq!(pages("/auth").answer(&Visit::new("POST", "/app/", None, [])).status, 404);
    }
}
