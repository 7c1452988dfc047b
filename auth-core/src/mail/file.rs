use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;

use super::compose::eml;
use super::{Mail, MailError, Mailer};
use crate::fault::Fault;

/// Tells the mails of one millisecond apart, whichever mailer of this process writes them.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// Writes each mail as one `.eml` file (RFC 5322); for development and for programs that pick
/// mail up.
///
/// A file appears under its name only when it is complete. Names sort by the time of the mail.
/// Files are readable by their owner only, since they hold live links, and so is the directory
/// if it is made here.
#[derive(Debug, Clone)]
pub struct FileMailer {
    directory: PathBuf,
}

impl FileMailer {
    /// Writes to `directory` (`EMAIL_FILE_PATH`), which is made if it is missing.
    ///
    /// # Errors
    /// When it cannot be made or written to.
    pub fn new(directory: impl Into<PathBuf>) -> Result<Self, Fault> {
        let mailer = Self { directory: directory.into() };
        mailer.try_out().map_err(|error| {
            let problem = format!("mail cannot be written there ({})", error.kind());
            Fault::new("EMAIL_FILE_PATH", problem, "name a directory that this process may write to")
        })?;
        Ok(mailer)
    }

    fn try_out(&self) -> io::Result<()> {
        create_directory(&self.directory)?;
        let probe = self.hidden(&unique(0));
        create(&probe)?;
        fs::remove_file(probe)
    }

    fn write(&self, mail: &Mail, eml: &[u8]) -> io::Result<()> {
        let name = unique(mail.date().as_millis());
        let unfinished = self.hidden(&name);
        let written = create(&unfinished)
            .and_then(|mut file| file.write_all(eml))
            .and_then(|()| fs::rename(&unfinished, self.directory.join(format!("{name}.eml"))));
        if written.is_err() {
            // The first error is the one to tell; what is left over holds a live link.
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    fn hidden(&self, name: &str) -> PathBuf {
        self.directory.join(format!(".{name}.unfinished"))
    }
}

#[async_trait]
impl Mailer for FileMailer {
    /// Blocks for the time of one small write: only the mail worker waits here, and a detour
    /// over a thread pool costs more than the write.
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let eml = eml(mail)?;
        self.write(mail, &eml).map_err(MailError::temporary)
    }
}

/// Milliseconds, this process, a number within it: two processes may share the directory.
fn unique(millis: i64) -> String {
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    format!("{:013}-{:08}-{}", millis.max(0), number, std::process::id())
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn create_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Rendered;
    use crate::mail::message::tests::mail_to;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(directory).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    async fn send(mailer: &FileMailer, text: &str) -> Result<(), MailError> {
        mailer.send(&mail_to("ann@x.example", Rendered::new("s", text.to_owned(), None))).await
    }

    #[tokio::test]
    async fn each_mail_is_one_complete_file_in_order() {
        let directory = tempfile::tempdir().unwrap();
        let mailers = [FileMailer::new(directory.path()).unwrap(), FileMailer::new(directory.path()).unwrap()];
        for number in 0..20 {
            send(&mailers[number % 2], &format!("mail {number}")).await.unwrap();
        }
        let names = names(directory.path());
        assert_eq!(names.len(), 20);
        for (number, name) in names.iter().enumerate() {
            assert!(name.starts_with("1700000000000-"), "{name}");
            assert_eq!(Path::new(name).extension().unwrap(), "eml");
            let eml = fs::read_to_string(directory.path().join(name)).unwrap();
            assert!(eml.starts_with("From: ") && eml.ends_with(&format!("\r\n\r\nmail {number}\r\n")));
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_may_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("a/mail");
        send(&FileMailer::new(&directory).unwrap(), "t").await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&directory.join(&names(&directory)[0])), 0o600);
    }

    #[test]
    fn a_directory_that_cannot_be_used_is_a_fault() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().to_owned(), file.path().join("below")] {
            assert_eq!(FileMailer::new(path).unwrap_err().setting, "EMAIL_FILE_PATH");
        }
    }

    #[tokio::test]
    async fn a_failed_write_is_temporary_and_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let mailer = FileMailer::new(directory.path()).unwrap();
        assert!(names(directory.path()).is_empty(), "the probe is gone");
        fs::remove_dir(directory.path()).unwrap();
        assert!(matches!(send(&mailer, "t").await, Err(MailError::Temporary(_))));
    }
}
