use auth_core::mail::Mail;

/// A mail that was sent.
#[derive(Debug, Clone)]
pub struct Letter(Mail);

impl Letter {
    pub(crate) fn new(mail: Mail) -> Self {
        Self(mail)
    }

    /// Its one recipient.
    #[must_use]
    pub fn to(&self) -> &str {
        self.0.to().as_str()
    }

    /// Its subject.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.0.subject()
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.expose_text()
    }

    /// The links in it.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.text().split_whitespace().filter(|word| word.starts_with("http"))
    }

    /// The restoring token in its link.
    #[must_use]
    #[track_caller]
    pub fn restoring_token(&self) -> String {
        let token = self.links().find_map(|link| link.split_once("restoring=")).map(|(_, token)| token);
        token.unwrap_or_else(|| panic!("no link: {}", self.text())).to_owned()
    }

    /// As a transcript shows it.
    pub(crate) fn told(&self) -> String {
        let head = format!("mail to {}: {}\n", self.to(), self.subject());
        self.links().fold(head, |told, link| told + "  " + link + "\n")
    }
}
