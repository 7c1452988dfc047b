use std::fmt::Write as _;

use super::differences::differences;
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
    for difference in differences() {
        let names: Vec<_> = difference.names().map(|name| format!("`{name}`")).collect();
        let names = if names.is_empty() { "none was recorded".to_owned() } else { names.join(", ") };
        let _ = writeln!(page, "| {} | {} | {} | {names} |", difference.subject, difference.python, difference.here);
    }
    page
}
