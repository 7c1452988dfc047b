use std::sync::LazyLock;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error};
use serde::Serialize;

use crate::Answer;

/// A name that ends in `.html` escapes every value.
const NAME: &str = "mailbox.html";

static TEMPLATES: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.add_template(NAME, include_str!("../../templates/mailbox.html"))?;
    Ok(templates)
});

/// The only page that a server fills in: what it shows is reached by no route.
pub(crate) fn render_mailbox(values: &impl Serialize) -> Answer {
    match try_render(values) {
        Ok(page) => Answer::html(page),
        Err(error) => {
            tracing::error!(error, "the mailbox could not be rendered");
            Answer::internal()
        }
    }
}

fn try_render(values: &impl Serialize) -> Result<String, String> {
    let templates = TEMPLATES.as_ref().map_err(ToString::to_string)?;
    let template = templates.get_template(NAME);
    template.and_then(|template| template.render(Value::from(Serde(values)))).map_err(|error| error.to_string())
}
