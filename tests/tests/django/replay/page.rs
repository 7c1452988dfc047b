use std::fmt::Write as _;

use super::differences::{Difference, Here, differences, refusal};
use super::recorded::Recorded;

const HEAD: &str = "\
# Compatibility with the Python service

Made of `tests/data/django_recorded.json` and `tests/data/differences.json`; a test holds it equal to them.

The first file has requests and what the Python service answered (Django 4.2). They are replayed through both adapters, on
the table of a Django project in SQLite and in PostgreSQL, with the profile `django`: status, media type, the bytes of the
body around its placeholders, and what happened to users, mails and the decoded token. Each case is answered the same, or
stands under one of the differences below, where the second file says how it is answered here.

A token of ours has more claims than that service's (`sub`, `iat`, `jti`, `sid`, `gen`, `epoch`, and `kid` in its header);
its own are compared. Every answer carries `Cache-Control: no-store` beside the recorded headers.
";

/// The page about compatibility, from the data.
#[must_use]
pub(super) fn compatibility() -> String {
    let mut page = HEAD.to_owned();
    let all = Recorded::data().names().count();
    let listed: usize = differences().iter().map(|difference| difference.names().count()).sum();
    let _ = writeln!(page, "\nOf {all} cases {} are equal and {listed} are listed:\n", all - listed);
    page.push_str("| subject | Python service | here | cases |\n|---|---|---|---|\n");
    for Difference { subject, python, here, cases } in differences() {
        let _ = writeln!(page, "| {subject} | {python} | {here} | {} |", cases.len());
    }
    for Difference { subject, cases, .. } in differences().iter().filter(|difference| !difference.cases.is_empty()) {
        let _ = writeln!(page, "\n## {}\n\n| case | answered here |\n|---|---|", heading(subject));
        for (name, here) in cases {
            let _ = writeln!(page, "| `{name}` | {} |", answered(name, here));
        }
    }
    page
}

fn heading(subject: &str) -> String {
    let mut letters = subject.chars();
    letters.next().map(char::to_uppercase).into_iter().flatten().chain(letters).collect()
}

fn answered(name: &str, here: &Here) -> String {
    match here {
        Here::Intended => {
            let case = Recorded::data().cases.iter().find(|case| case.name == name);
            let intended = &case.unwrap().intended.as_ref().unwrap().response;
            format!("{} `{}`, as intended", intended.status, intended.body)
        }
        Here::Refused(status, message) => format!("{status} `{}`", refusal(*status, message)),
        Here::Answered { status, body, .. } => format!("{status} `{body}`"),
    }
}
