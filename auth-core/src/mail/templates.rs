use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use minijinja::{Environment, Error, UndefinedBehavior, context};
use thiserror::Error as ThisError;
use zeroize::Zeroizing;

use super::message::one_line;
use super::{Link, MessageKind, Part, Rendered, TemplateName};
use crate::account::Username;
use crate::fault::Fault;

/// What a mail is to say.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Message<'a> {
    /// Somebody asked for a new password.
    Restore {
        /// The account.
        username: &'a Username,
        /// Where to choose the password.
        link: &'a Link,
        /// How long the link lives, from when it was asked for.
        expires_in: Duration,
    },
    /// The password was changed.
    PasswordChanged {
        /// The account.
        username: &'a Username,
    },
    /// An account was made.
    Welcome {
        /// The account.
        username: &'a Username,
    },
    /// Somebody tried to sign up with the address of an account.
    AddressTaken {
        /// The account that has the address.
        username: &'a Username,
    },
}

impl Message<'_> {
    /// Which templates say it.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::Restore { .. } => MessageKind::Restore,
            Self::PasswordChanged { .. } => MessageKind::PasswordChanged,
            Self::Welcome { .. } => MessageKind::Welcome,
            Self::AddressTaken { .. } => MessageKind::AddressTaken,
        }
    }
}

/// The templates of all mails, in the language of Jinja (minijinja).
///
/// Each can show `service` and `username`; the built-in ones show no username, because whoever signs
/// up with somebody else's address chooses it, and mail programs turn `evil.example` into a link; those of [`MessageKind::Restore`] also `link` and
/// `expires_in` ("30 minutes"). A name that is none of these is a fault. HTML is escaped by
/// itself.
///
/// ```
/// use auth_core::mail::{MessageKind, Part, TemplateName, Templates};
///
/// let subject = TemplateName::new(MessageKind::Welcome, Part::Subject);
/// let templates = Templates::new([(subject, "Hello {{ username }}".to_owned())]).unwrap();
/// let templates = templates.with_service("The App");
///
/// let faults = Templates::new([(subject, "Hello {{ user }}".to_owned())]).unwrap_err();
/// assert!(faults[0].to_string().contains("welcome.subject"));
/// ```
pub struct Templates {
    environment: Environment<'static>,
    service: String,
}

impl Templates {
    /// The built-in templates, with a host's own in place of some.
    ///
    /// Every template is rendered here with sample data, so that a fault shows at the start and
    /// not when somebody waits for a mail.
    ///
    /// # Errors
    /// One fault for each template that cannot be used, by its name.
    pub fn new(overrides: impl IntoIterator<Item = (TemplateName, String)>) -> Result<Self, Vec<Fault>> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let built_in = TemplateName::all().map(|name| (name, built_in(name).to_owned()));
        let mut faults = Vec::new();
        for (name, source) in built_in.chain(overrides) {
            if let Err(error) = environment.add_template_owned(name.to_string(), source) {
                faults.push(fault(name, &operators_text(&error)));
            }
        }
        let templates = Self { environment, service: "this service".to_owned() };
        faults.extend(TemplateName::all().filter_map(|name| templates.try_out(name).err()));
        if faults.is_empty() { Ok(templates) } else { Err(faults) }
    }

    /// Names the service, as its users know it; "this service" by default.
    #[must_use]
    pub fn with_service(mut self, name: &str) -> Self {
        self.service = one_line(name);
        self
    }

    /// Writes a mail.
    ///
    /// # Errors
    /// When a template fails with this data though it did not with the sample.
    pub fn render(&self, what: &Message<'_>) -> Result<Rendered, TemplateError> {
        let part = |part| {
            let name = TemplateName::new(what.kind(), part);
            self.part(name, what).map(Zeroizing::new).map_err(|error| TemplateError::new(name, &error))
        };
        let (subject, text, html) = (part(Part::Subject)?, part(Part::Text)?, part(Part::Html)?);
        let html = (!html.trim().is_empty()).then(|| take(html));
        Ok(Rendered::new(&subject, take(text), html))
    }

    fn part(&self, name: TemplateName, what: &Message<'_>) -> Result<String, Error> {
        let service = &*self.service;
        let data = match *what {
            Message::Restore { username, link, expires_in } => context! {
                service,
                username => one_line(username.as_str()),
                link => link.expose(),
                expires_in => in_words(expires_in),
            },
            Message::PasswordChanged { username }
            | Message::Welcome { username }
            | Message::AddressTaken { username } => context! { service, username => one_line(username.as_str()) },
        };
        self.environment.get_template(&name.to_string())?.render(data)
    }

    fn try_out(&self, name: TemplateName) -> Result<(), Fault> {
        self.check_names(name)?;
        let username = Username::stored("sample");
        let link = Link::sample();
        let what = match name.kind() {
            MessageKind::Restore => {
                Message::Restore { username: &username, link: &link, expires_in: Duration::from_secs(90) }
            }
            MessageKind::PasswordChanged => Message::PasswordChanged { username: &username },
            MessageKind::Welcome => Message::Welcome { username: &username },
            MessageKind::AddressTaken => Message::AddressTaken { username: &username },
        };
        let rendered = self.part(name, &what).map_err(|error| fault(name, &operators_text(&error)))?;
        check_sample(name, &rendered)
    }

    /// Also sees what stands in a branch that the sample data does not take.
    fn check_names(&self, name: TemplateName) -> Result<(), Fault> {
        let Ok(template) = self.environment.get_template(&name.to_string()) else { return Ok(()) };
        let mut known: HashSet<&str> = self.environment.globals().map(|(global, _)| global).collect();
        known.extend(["service", "username"]);
        if name.kind() == MessageKind::Restore {
            known.extend(["link", "expires_in"]);
        }
        let unknown = template.undeclared_variables(false).into_iter().filter(|used| !known.contains(&**used)).min();
        unknown.map_or(Ok(()), |used| Err(fault(name, &format!("it uses `{used}`, which these mails do not have"))))
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates").field("service", &self.service).finish_non_exhaustive()
    }
}

fn check_sample(name: TemplateName, rendered: &str) -> Result<(), Fault> {
    let blank = rendered.trim().is_empty();
    let shows_link = rendered.contains(Link::SAMPLE_TOKEN);
    match (name.kind(), name.part()) {
        (_, Part::Subject | Part::Text) if blank => Err(fault(name, "it renders to nothing")),
        (_, Part::Subject) if shows_link => {
            Err(fault(name, "it shows the link, and subjects are shown on locked screens"))
        }
        (MessageKind::Restore, Part::Text) if !shows_link => Err(fault(name, "it does not show the link")),
        (MessageKind::Restore, Part::Html) if !blank && !shows_link => Err(fault(name, "it does not show the link")),
        _ => Ok(()),
    }
}

fn fault(name: TemplateName, problem: &str) -> Fault {
    Fault::new("templates", format!("{name}: {problem}"), format!("correct the template {name}"))
}

/// At the start there is only sample data in reach, so that the engine may say all it knows.
fn operators_text(error: &Error) -> String {
    let at = error.line().map(|line| format!("line {line}: ")).unwrap_or_default();
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    format!("{at}{}{detail}", error.kind())
}

fn take(mut text: Zeroizing<String>) -> String {
    std::mem::take(&mut *text)
}

/// "30 minutes". Rounded down: a mail does not promise more than is true.
fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        _ if seconds >= 172_800 && seconds.is_multiple_of(86_400) => (seconds / 86_400, "day"),
        _ if seconds.is_multiple_of(3_600) => (seconds / 3_600, "hour"),
        _ => (seconds / 60, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

const fn built_in(name: TemplateName) -> &'static str {
    match (name.kind(), name.part()) {
        (MessageKind::Restore, Part::Subject) => include_str!("templates/restore.subject"),
        (MessageKind::Restore, Part::Text) => include_str!("templates/restore.txt"),
        (MessageKind::Restore, Part::Html) => include_str!("templates/restore.html"),
        (MessageKind::PasswordChanged, Part::Subject) => include_str!("templates/password_changed.subject"),
        (MessageKind::PasswordChanged, Part::Text) => include_str!("templates/password_changed.txt"),
        (MessageKind::PasswordChanged, Part::Html) => include_str!("templates/password_changed.html"),
        (MessageKind::Welcome, Part::Subject) => include_str!("templates/welcome.subject"),
        (MessageKind::Welcome, Part::Text) => include_str!("templates/welcome.txt"),
        (MessageKind::Welcome, Part::Html) => include_str!("templates/welcome.html"),
        (MessageKind::AddressTaken, Part::Subject) => include_str!("templates/address_taken.subject"),
        (MessageKind::AddressTaken, Part::Text) => include_str!("templates/address_taken.txt"),
        (MessageKind::AddressTaken, Part::Html) => include_str!("templates/address_taken.html"),
    }
}

/// A template that failed. It names the place, never the data: that can hold a live link.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[error("the template {name} failed in line {line}: {problem}")]
pub struct TemplateError {
    name: TemplateName,
    line: usize,
    problem: String,
}

impl TemplateError {
    /// The engine's own error is dropped: with its feature `debug` on it prints every variable.
    fn new(name: TemplateName, error: &Error) -> Self {
        Self { name, line: error.line().unwrap_or(0), problem: error.kind().to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, source: &str) -> Result<Templates, Vec<Fault>> {
        Templates::new([(name.parse().unwrap(), source.to_owned())])
    }

    fn problem(name: &str, source: &str) -> String {
        let faults = with(name, source).unwrap_err();
        assert_eq!((faults.len(), faults[0].setting), (1, "templates"), "{faults:?}");
        faults[0].problem.to_string()
    }

    fn restore(templates: &Templates, username: &str) -> Rendered {
        let (username, link) = (Username::stored(username), Link::sample());
        let expires_in = Duration::from_secs(1_859);
        templates.render(&Message::Restore { username: &username, link: &link, expires_in }).unwrap()
    }

    #[test]
    fn the_built_in_restore_mail_says_what_and_how_long_and_no_name_that_a_stranger_chose() {
        let mail = restore(&Templates::new([]).unwrap().with_service("The App"), "prize at evil.example");
        assert_eq!(mail.subject(), "Choose a new password for The App");
        let text = mail.expose_text();
        assert!(text.lines().any(|line| line == Link::sample().expose()), "the link has a line of its own");
        assert!(text.lines().all(|line| line.len() < 78 || line.contains("https://")));
        for part in [text, mail.expose_html().unwrap()] {
            assert!(!part.contains("evil.example"), "{part}");
            for expected in ["The App", "30 minutes", Link::SAMPLE_TOKEN, "ignore this mail"] {
                assert!(part.contains(expected), "{expected} in {part}");
            }
        }
    }

    #[test]
    fn no_built_in_mail_loads_anything_from_elsewhere() {
        for name in TemplateName::all() {
            let text = built_in(name);
            for outside in ["src=", "url(", "<link", "<script", "http:", "https:"] {
                assert!(!text.contains(outside), "{name}");
            }
        }
    }

    #[test]
    fn notices_carry_no_link() {
        let (templates, username) = (Templates::new([]).unwrap(), Username::stored("ann"));
        for what in [
            Message::PasswordChanged { username: &username },
            Message::Welcome { username: &username },
            Message::AddressTaken { username: &username },
        ] {
            let mail = templates.render(&what).unwrap();
            assert!(!mail.expose_text().contains("ann") && mail.expose_html().unwrap().contains("this service"));
            assert!(!mail.expose_text().contains("://"));
        }
    }

    #[test]
    fn a_username_is_escaped_in_html_and_stays_on_its_line() {
        let own = [
            ("restore.subject", "For {{ username }}"),
            ("restore.html", "{{ username }} {{ link }}"),
            ("restore.txt", "{{ username }}\n{{ link }}"),
        ];
        let own = own.map(|(name, source)| (name.parse().unwrap(), source.to_owned()));
        let mail = restore(&Templates::new(own).unwrap(), "<b>x</b>\r\nBcc: eve@x.example");
        assert!(mail.expose_html().unwrap().contains("&lt;b&gt;x"));
        assert!(!mail.expose_html().unwrap().contains("<b>"));
        assert_eq!(mail.subject(), "For <b>x</b> Bcc: eve@x.example");
        assert!(mail.expose_text().contains("<b>x</b> Bcc: eve@x.example\n"));
    }

    #[test]
    fn a_faulty_template_is_named_with_the_reason() {
        assert_eq!(
            problem("welcome.txt", "a\n{{ nope"),
            "welcome.txt: line 2: syntax error: unexpected end of input, expected end of variable block"
        );
        assert!(problem("welcome.html", "{{ link }}").starts_with("welcome.html: it uses `link`"));
        assert!(problem("restore.txt", "{{ link }}{% if false %}{{ typo }}{% endif %}").contains("`typo`"));
        assert!(problem("restore.txt", "{{ link.host }}").starts_with("restore.txt: line 1: "));
        assert!(problem("restore.txt", "{{ link|nope }}").contains("filter"));
        // Whether templates include others is a feature of the engine, which a host may turn on.
        assert!(problem("restore.txt", "{% include 'nope.txt' %}{{ link }}").starts_with("restore.txt: line 1: "));
        assert!(problem("restore.txt", "no way to choose one").ends_with("it does not show the link"));
        assert!(problem("restore.html", "<p>no way</p>").ends_with("it does not show the link"));
        assert!(problem("restore.subject", "{{ link }}").contains("locked screens"));
        assert!(problem("welcome.subject", " {# none #} ").ends_with("it renders to nothing"));
        assert!(problem("welcome.txt", "").ends_with("it renders to nothing"));
    }

    #[test]
    fn every_faulty_template_is_reported() {
        let faults = Templates::new(TemplateName::all().map(|name| (name, "{{ nope }}".to_owned()))).unwrap_err();
        assert_eq!(faults.len(), 12);
    }

    #[test]
    fn an_empty_html_template_makes_a_mail_of_plain_text() {
        let mail = restore(&with("restore.html", "").unwrap(), "ann");
        assert_eq!(mail.expose_html(), None);
    }

    #[test]
    fn a_failure_at_run_time_shows_no_data() {
        let templates = with("restore.txt", "{{ link }}{% if username == 'eve' %}{{ link.x.y }}{% endif %}").unwrap();
        let (username, link) = (Username::stored("eve"), Link::sample());
        let what = Message::Restore { username: &username, link: &link, expires_in: Duration::ZERO };
        let error = templates.render(&what).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(Link::SAMPLE_TOKEN));
        assert!(error.to_string().starts_with("the template restore.txt failed in line 1: "));
    }

    #[test]
    fn lifetimes_are_said_in_words_and_never_too_long() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (60, "1 minute"),
            (119, "1 minute"),
            (1_800, "30 minutes"),
            (3_600, "1 hour"),
            (5_400, "90 minutes"),
            (86_400, "24 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }
}
