use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::mailbox;

/// The mail folder of a server, each file read once.
#[derive(Debug)]
pub(crate) struct Postbox {
    folder: PathBuf,
    read: BTreeSet<PathBuf>,
    mails: Vec<Received>,
}

#[derive(Debug)]
struct Received {
    id: String,
    to: String,
    link: Option<String>,
}

impl Postbox {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), read: BTreeSet::new(), mails: Vec::new() }
    }

    /// Reads what came since the last look.
    pub(crate) fn look(&mut self) {
        for file in mailbox::files(&self.folder) {
            if self.read.insert(file.clone()) {
                self.mails.push(Received::read(&std::fs::read_to_string(file).unwrap()));
            }
        }
    }

    /// The last link that somebody was sent, with the `Message-ID` of its mail.
    pub(crate) fn link(&self, to: &str) -> Option<(&str, &str)> {
        let mut mails = self.mails.iter().rev().filter(|mail| mail.to == to);
        mails.find_map(|mail| Some((&*mail.id, mail.link.as_deref()?)))
    }

    /// How many mails with a link somebody was sent. The same mail again, after a crash between
    /// sending it and saying so, has the same `Message-ID` and counts once.
    pub(crate) fn links(&self, to: &str) -> usize {
        self.count(to, |mail| mail.link.is_some())
    }

    /// How many notices of a changed password.
    pub(crate) fn notices(&self, to: &str) -> usize {
        self.count(to, |mail| mail.link.is_none())
    }

    fn count(&self, to: &str, kind: impl Fn(&Received) -> bool) -> usize {
        let mails = self.mails.iter().filter(|mail| mail.to == to && kind(mail));
        mails.map(|mail| &mail.id).collect::<BTreeSet<_>>().len()
    }

    /// How many mails came more than once.
    pub(crate) fn repeated(&self) -> usize {
        self.mails.len() - self.mails.iter().map(|mail| &mail.id).collect::<BTreeSet<_>>().len()
    }

    pub(crate) fn len(&self) -> usize {
        self.mails.len()
    }
}

impl Received {
    fn read(mail: &str) -> Self {
        let header = |name: &str| {
            let value = mail.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{mail}"));
            value.trim().to_owned()
        };
        let link = mail.contains("restoring=").then(|| mailbox::token(mail).to_owned());
        Self { id: header("Message-ID:"), to: header("To:"), link }
    }
}
