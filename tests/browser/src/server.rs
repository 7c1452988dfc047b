use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

/// The program of an example server.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
}

/// A server in development mode on a folder of its own.
pub(crate) struct Server {
    running: Running,
    base: String,
    mailbox: String,
    folder: TempDir,
    log: Arc<Mutex<String>>,
}

/// Dropping it kills it.
struct Running(Child);

impl Program {
    /// The program at this path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Starts it on a fresh folder and waits until it has said where it listens.
    pub(crate) fn start(&self, vars: &[(&str, &str)]) -> Server {
        self.start_in(tempfile::tempdir().unwrap(), "127.0.0.1:0", vars)
    }

    /// Ends it and starts it at the same place, with what it had stored and with no settings.
    pub(crate) fn start_anew(&self, Server { running, base, folder, .. }: Server) -> Server {
        drop(running);
        self.start_in(folder, base.trim_start_matches("http://"), &[])
    }

    fn start_in(&self, folder: TempDir, address: &str, vars: &[(&str, &str)]) -> Server {
        let mut command = Command::new(std::path::absolute(&self.path).unwrap());
        command.env_clear().env("BIND_ADDR", address).env("AUTH_MODE", "development");
        command.envs(vars.iter().copied()).current_dir(folder.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap());
        let mailbox = line_after(&mut told, "Mailbox").trim_end_matches('|').trim().to_owned();
        let base = line_after(&mut BufReader::new(child.stdout.take().unwrap()), "Listening on");
        let log = Arc::<Mutex<String>>::default();
        let lines = log.clone();
        // Read at once, because a full pipe would stop the server.
        std::thread::spawn(move || {
            for line in told.lines().map_while(Result::ok) {
                let mut log = lines.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        Server { running: Running(child), base, mailbox, folder, log }
    }
}

/// What stands behind the mark, on the first line that has it.
fn line_after(output: &mut impl std::io::BufRead, mark: &str) -> String {
    let mut lines = output.by_ref().lines().map(Result::unwrap);
    let found = lines.find_map(|line| line.split_once(mark).map(|(_, rest)| rest.trim().to_owned()));
    found.unwrap_or_else(|| panic!("the server said nothing of {mark}"))
}

impl Server {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What it has written so far, for whoever asks what went wrong.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The address that the terminal shows.
    pub(crate) fn mailbox(&self) -> &str {
        &self.mailbox
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
