use std::sync::LazyLock;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error};
use serde::Serialize;

use crate::Answer;

/// Names that end in `.html` escape every value.
const SOURCES: [(&str, &str); 4] = [
    ("layout.html", include_str!("../../templates/layout.html")),
    ("app.html", include_str!("../../templates/app.html")),
    ("restore.html", include_str!("../../templates/restore.html")),
    ("mailbox.html", include_str!("../../templates/mailbox.html")),
];

static TEMPLATES: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    SOURCES.iter().try_for_each(|(name, source)| templates.add_template(name, source))?;
    Ok(templates)
});

/// A page with values in it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Page {
    App,
    Restore,
    Mailbox,
}

impl Page {
    pub(crate) fn render(self, values: &impl Serialize) -> Answer {
        match self.try_render(values) {
            Ok(page) => Answer::html(page),
            Err(error) => {
                tracing::error!(error, page = ?self, "a page could not be rendered");
                Answer::internal()
            }
        }
    }

    fn try_render(self, values: &impl Serialize) -> Result<String, String> {
        let templates = TEMPLATES.as_ref().map_err(ToString::to_string)?;
        let template = templates.get_template(self.name());
        template.and_then(|template| template.render(Value::from(Serde(values)))).map_err(|error| error.to_string())
    }

    const fn name(self) -> &'static str {
        match self {
            Self::App => "app.html",
            Self::Restore => "restore.html",
            Self::Mailbox => "mailbox.html",
        }
    }
}
